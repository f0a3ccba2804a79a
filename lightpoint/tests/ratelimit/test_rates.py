import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from lightpoint.ratelimit.checks import check_limits
from lightpoint.ratelimit.rates import limit_named, split_rate
from lightpoint.settings import RATE_LIMITS


@pytest.mark.parametrize(
    ("rate", "meaning"),
    [
        ("60/m", (60, 60)),
        ("10/10s", (10, 10)),
        ("10/h", (10, 3600)),
        ("5/15m", (5, 900)),
        ("1/d", (1, 86400)),
        ("", (None, 0)),
    ],
)
def test_a_rate_is_read_as_django_ratelimit_writes_it(rate: str, meaning: tuple[int | None, int]) -> None:
    assert split_rate(rate) == meaning


@pytest.mark.parametrize("rate", ["many", "5", "5/", "5/15", "0/m", "5/0m", "5/15mins", "-5/m", "5/m ", "٥/m"])
def test_what_is_not_a_rate_is_refused(rate: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        split_rate(rate)


def test_the_limits_that_ship_are_those_of_the_issue() -> None:
    wanted = {"user": (60, 60), "api": (10, 10), "letters": (10, 3600), "uploads": (30, 3600), "sign-in": (5, 900)}
    assert {name: split_rate(RATE_LIMITS[name]["rate"]) for name in wanted} == wanted


@pytest.mark.parametrize("change", [{"per": "planet"}, {"without_redis": "hope"}])
def test_a_limit_that_is_not_understood_is_a_fault_of_the_settings(settings: Settings, change: dict[str, str]) -> None:
    settings.RATE_LIMITS = {"api": {**RATE_LIMITS["api"], **change}}
    with pytest.raises(ImproperlyConfigured, match="api"):
        limit_named("api")


def test_a_limit_that_nobody_set_is_a_fault_of_the_caller(settings: Settings) -> None:
    with pytest.raises(ImproperlyConfigured, match="no limit named nothing"):
        limit_named("nothing")


def test_the_start_finds_limits_that_cannot_be_read(settings: Settings) -> None:
    assert check_limits() == []
    settings.RATE_LIMITS = {"api": {**RATE_LIMITS["api"], "rate": "often"}, "user": RATE_LIMITS["user"]}
    assert ["often" in error.msg for error in check_limits()] == [True]
