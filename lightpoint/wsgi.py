"""Entry point of WSGI servers, which keep a pool of database connections."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lightpoint.settings")
os.environ.setdefault("DATABASE_POOL_SIZE", "8")

application = get_wsgi_application()
