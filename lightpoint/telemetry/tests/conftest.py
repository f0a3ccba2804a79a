"""Where the tests read what telemetry wrote."""

import logging
from collections.abc import Iterator

import pytest

from lightpoint.telemetry.tests.lines import listen


@pytest.fixture
def log_lines() -> Iterator[list[str]]:
    """The lines of this test's log, as an installation without DEBUG writes them."""
    handler = listen()
    logging.getLogger().addHandler(handler)
    yield handler.lines
    logging.getLogger().removeHandler(handler)
