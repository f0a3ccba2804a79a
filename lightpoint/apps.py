from django.apps import AppConfig


class LightpointConfig(AppConfig):
    """No models; the commands that compose the apps, and the checks of the installation."""

    name = "lightpoint"
    label = "lightpoint"
