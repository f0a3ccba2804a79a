"""What a view answers for a stream: the state that holds now, and whose events follow."""

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse

from lightpoint.events.log import log_name
from lightpoint.rest.events import MEDIA_TYPE, frame

FOLLOW: Final = "Lightpoint-Follow"  # of an answer inside the process: the log whose events follow
STATE: Final = "state"


def stream_of(channel: str, snapshot: Mapping[str, Any]) -> HttpResponse:
    """The answer of a view that has seen that the caller may follow `channel`. The snapshot is an event "state".

    It carries no id: a client that comes back names the last event that it had, and is sent those after it.
    """
    body = f"retry: {settings.EVENTS_RETRY_MS}\n".encode() + frame(STATE, snapshot)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", FOLLOW: log_name(channel)}
    return HttpResponse(body, content_type=MEDIA_TYPE, headers=headers)
