#!/usr/bin/env python
"""Django's command line. What the product refuses, or a part that is missing, is one line and exit code 1."""

import os
import sys


def main() -> None:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lightpoint.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - settings must be named first
    from django.db.utils import OperationalError  # noqa: PLC0415

    from lightpoint.errors import DomainError  # noqa: PLC0415

    try:
        execute_from_command_line(sys.argv)
    except DomainError as error:
        sys.exit(f"lightpoint: {error}")
    except OperationalError as error:
        sys.exit(f"lightpoint: the database failed: {str(error).strip().splitlines()[0]}")


if __name__ == "__main__":
    main()
