"""What `make demo` and `make serve` prepare."""

import stat
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from lightpoint.management.preparation import SIGN_IN, demo_sign_in, sample_cases
from users.models import AuditEvent, User


@pytest.mark.django_db
def test_the_demo_user_gets_a_random_password_that_only_we_can_read(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    email, password = demo_sign_in()
    assert demo_sign_in() == (email, password)
    assert email == SIGN_IN
    assert User.objects.get(email=email).check_password(password)
    assert stat.S_IMODE((tmp_path / "demo-password").stat().st_mode) == 0o600
    assert AuditEvent.objects.filter(action="user.created").count() == 1


@pytest.mark.django_db
def test_a_lost_password_is_replaced_by_another(settings: Settings, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path
    _, lost = demo_sign_in()
    (tmp_path / "demo-password").unlink()
    email, password = demo_sign_in()
    assert password != lost
    assert User.objects.get(email=email).check_password(password)


def test_a_sample_case_ships_with_its_documents() -> None:
    cases = sample_cases()
    assert cases
    assert all(any((case / "documents").iterdir()) for case in cases)
    assert all(case.is_relative_to(django_settings.BASE_DIR) for case in cases)
