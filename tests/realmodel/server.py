"""llama.cpp's server with the weights that its only argument names. Prints its address and runs until it is ended."""

import sys
import threading

import xllamacpp

CONTEXT, AT_ONCE = 8_192, 2  # tokens of all calls together, and calls


def main() -> None:
    params = xllamacpp.CommonParams()
    params.model.path = sys.argv[1]
    params.n_ctx, params.n_parallel = CONTEXT, AT_ONCE
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1  # on a busy machine more wait for each other
    params.hostnames, params.port = ["127.0.0.1"], int(sys.argv[2])
    params.endpoint_slots = True
    server = xllamacpp.Server(params)
    print(f"listening on {server.listening_address}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
