"""A limit that is not understood is found when the product starts, not by the first request that it was to limit."""

from django.conf import settings
from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured

from lightpoint.ratelimit.rates import limit_named


def check_limits(**_: object) -> list[Error]:
    """One error for each limit of the settings that cannot be read."""
    return [Error(fault, id="lightpoint.E001") for name in settings.RATE_LIMITS if (fault := _fault(name))]


def _fault(name: str) -> str:
    try:
        limit_named(name)
    except ImproperlyConfigured as error:
        return str(error)
    return ""
