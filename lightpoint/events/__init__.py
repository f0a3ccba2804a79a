"""Events of a case as they happen: published by workers, kept for a day in Redis, streamed to whoever may see the case.

    publish(case_channel(complaint.pk), "run", {"id": 7, "state": "running"})        # from anywhere, never in the way

A view of the API answers with `stream_of(channel, snapshot)`: what holds now, and the name of the channel in a header
that never leaves the process. lightpoint.events.serving, which the ASGI server runs round the site, takes the answer
over from there and sends what follows; the request itself, with its database connection, is over by then. A WSGI server
sends the snapshot alone, and a browser asks again after a moment.

Positions are ids of Redis streams: they grow in the order in which events were published, over all processes.
"""

from lightpoint.events.log import case_channel, publish, told
from lightpoint.events.snapshots import stream_of

__all__ = ["case_channel", "publish", "stream_of", "told"]
