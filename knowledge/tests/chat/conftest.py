import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _sure(settings: Settings) -> None:
    """Sections without vectors are found by their words, of which search is never sure; tests of declining raise it."""
    settings.CHAT_LEAST_ANSWERABLE = 0.0
