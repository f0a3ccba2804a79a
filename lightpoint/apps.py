from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from lightpoint.cache import later
from lightpoint.checks import check_models


class LightpointConfig(AppConfig):
    """No models; the commands that compose the apps, and the checks of the installation."""

    name = "lightpoint"
    label = "lightpoint"

    def ready(self) -> None:
        """Let the cache do its work after answers have gone out, and have errors reported where that is asked for."""
        from lightpoint.ratelimit.checks import check_limits  # noqa: PLC0415 - needs the models of all apps

        later.connect()
        checks.register(check_limits)
        checks.register(check_models)
        if settings.SENTRY_DSN:
            from lightpoint.telemetry import sentry  # noqa: PLC0415 - a large package, which few commands need

            sentry.start()
