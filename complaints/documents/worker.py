"""The child process that reads files: frames in on stdin, frames out on stdout. Run by `isolation`, not by hand.

A frame is a line with the length of a JSON header, the header, then as many raw bytes as its `size` says.
Nothing that a file can influence is unpickled on either side.
"""

import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from typing import BinaryIO

from complaints.documents.limits import MEGABYTE, Limits
from complaints.documents.reading import read_bytes

_GRACE_SECONDS = 5.0


def write_frame(stream: BinaryIO, header: dict[str, object], body: bytes = b"") -> None:
    """Write one frame and flush it."""
    encoded = json.dumps({**header, "size": len(body)}).encode()
    stream.write(b"%d\n%s" % (len(encoded), encoded))
    stream.write(body)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, object], bytes] | None:
    """Read one frame; None at the end of the stream."""
    line = stream.readline()
    if not line.strip():
        return None
    header = json.loads(stream.read(int(line)))
    return header, stream.read(int(header["size"]))


def limit_memory(limits: Limits) -> None:
    """Cap private memory at twice the resident limit: models and buffers reserve more than they touch."""
    ceiling = 2 * limits.memory_mb * MEGABYTE
    resource.setrlimit(resource.RLIMIT_DATA, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Read files until stdin ends. A SIGALRM ends the process should the parent not be there to do so."""
    source = sys.stdin.buffer
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a chatty library must not write into the answers
    limited = False
    while (frame := read_frame(source)) is not None:
        header, data = frame
        limits = Limits(**header["limits"])  # type: ignore[arg-type]  # written by the parent from a Limits
        if not limited:
            limit_memory(limits)
            limited = True
        signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE_SECONDS)
        documents = read_bytes(str(header["name"]), data, limits)
        signal.setitimer(signal.ITIMER_REAL, 0)
        write_frame(answers, {}, json.dumps([asdict(document) for document in documents]).encode())


if __name__ == "__main__":
    main()
