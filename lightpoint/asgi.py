"""Entry point of ASGI servers: the site in threads, and its streams of events without any.

The threads keep a pool of as many database connections.
"""

import os

from a2wsgi import WSGIMiddleware

from lightpoint.wsgi import application as site

THREADS = int(os.environ["DATABASE_POOL_SIZE"]) or 8

from lightpoint.events.serving import WithEvents  # noqa: E402  once Django is set up

application = WithEvents(WSGIMiddleware(site, workers=THREADS))  # type: ignore[arg-type]
