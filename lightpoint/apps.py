from django.apps import AppConfig

from lightpoint.cache import later


class LightpointConfig(AppConfig):
    """No models; the commands that compose the apps, and the checks of the installation."""

    name = "lightpoint"
    label = "lightpoint"

    def ready(self) -> None:
        """Let the cache do its work after answers have gone out."""
        later.connect()
