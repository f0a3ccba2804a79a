from django.apps import AppConfig
from django.contrib.admin import apps as admin


class UsersConfig(AppConfig):
    name = "users"
    label = "users"
    default = True
    default_auto_field = "django.db.models.BigAutoField"


class SiteConfig(admin.AdminConfig):
    """The browser admin with our own way in."""

    default = False
    default_site = "users.site.Site"
