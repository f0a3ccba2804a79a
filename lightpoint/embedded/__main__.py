"""`python -m lightpoint.embedded start|stop|status`: the services of this checkout, by hand.

`stop` ends a site that `manage.py serve` runs before the servers that it needs.
"""

import argparse
import sys

from lightpoint.embedded import EmbeddedError, Postgres, Redis, postgres, redis, site


def main() -> int:
    """Do what was asked and say in one line per service what came of it."""
    parser = argparse.ArgumentParser(prog="python -m lightpoint.embedded", description=__doc__)
    parser.add_argument("action", choices=("start", "stop", "status"))
    action = parser.parse_args().action
    try:
        if action == "stop" and site().stop():
            print("The site: stopped")
        elif action == "status":
            print(f"The site: {', '.join(f'runs (process {pid})' for pid in site().pids()) or 'does not run'}")
        for name, service in (("PostgreSQL", postgres()), ("Redis", redis())):
            print(f"{name}: {_carry_out(action, service)}")
    except EmbeddedError as error:
        print(f"lightpoint: {error}", file=sys.stderr)
        return 1
    return 0


def _carry_out(action: str, service: Postgres | Redis) -> str:
    if action == "start":
        return f"listens below {service.ensure()}"
    if action == "stop":
        return "stopped" if service.stop() else "was not running"
    return f"runs (process {service.pid()})" if service.is_running() else "does not run"


if __name__ == "__main__":
    sys.exit(main())
