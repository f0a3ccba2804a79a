"""What the log of the product looks like, line by line."""

import logging
import logging.config

from lightpoint.telemetry import logs


class Lines(logging.Handler):
    """Keeps each record as the line that the console would show."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def listen(*, with_messages: bool = False, as_json: bool = False) -> Lines:
    """A handler with the formatter that the product logs with."""
    settings = logs.configuration(as_json=as_json, level="WARNING", with_messages=with_messages)
    handler = Lines()
    formatter = logging.config.DictConfigurator(settings).configure_formatter(settings["formatters"]["line"])
    handler.setFormatter(formatter)
    return handler
