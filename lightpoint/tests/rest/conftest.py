from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client, override_settings

from users.models import User


@pytest.fixture(autouse=True)
def _small_api() -> Iterator[None]:
    """The addresses of `views`, and no limit that a test would meet."""
    unlimited = {name: {**limit, "rate": ""} for name, limit in settings.RATE_LIMITS.items()}
    with override_settings(ROOT_URLCONF="lightpoint.tests.rest.views", RATE_LIMITS=unlimited):
        yield


@pytest.fixture
def platform(db) -> User:
    return User.objects.create_superuser("staff@example.org")


@pytest.fixture
def api(platform: User) -> Client:
    """A client of somebody who may do everything; a fault of ours is answered, not raised."""
    client = Client(raise_request_exception=False)
    client.force_login(platform)
    return client
