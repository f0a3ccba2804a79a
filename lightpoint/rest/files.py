"""Files out of the API: sent to be saved, never to be run by the browser that asked."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from lightpoint.rest.views import ApiView


class AsStored(BaseContentNegotiation):
    """A file has one media type, so that Accept is not asked; refusals are problem details as ever."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:  # noqa: ARG002
        """The first, since nothing is sent."""
        return next(iter(parsers), None)

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002
        renderers: Iterable[BaseRenderer],  # noqa: ARG002
        format_suffix: str | None = None,  # noqa: ARG002
    ) -> tuple[BaseRenderer, str]:
        """JSON, for what is not the file."""
        return JSONRenderer(), JSONRenderer.media_type


class FileView(ApiView):
    """A view that answers GET with a file, by `file_response`."""

    content_negotiation_class = AsStored


def file_response(data: bytes, *, name: str, media_type: str) -> HttpResponse:
    """`data` to be saved under `name`. What a browser would run is sent as bytes without a meaning."""
    safe = media_type if media_type in SAFE else "application/octet-stream"
    headers: dict[str, Any] = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
        "Content-Length": str(len(data)),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(data, content_type=safe, headers=headers)


def answers(*media_types: str) -> dict[tuple[int, str], Any]:
    """The 200s of an operation that answers with a file of one of `media_types`, for extend_schema.

    Bytes without a meaning come first: that is what generators of clients know how to save.
    """
    known = [media_type.partition(";")[0] for media_type in media_types]
    shapes = {media_type: OpenApiTypes.ANY if media_type == "application/json" else bytes for media_type in known}
    return {(200, media_type): shape for media_type, shape in ({"application/octet-stream": bytes} | shapes).items()}


SAFE = frozenset(
    {
        "application/pdf",
        "application/json",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "image/jpeg",
        "image/png",
        "image/tiff",
        "message/rfc822",
        "text/plain; charset=utf-8",
        "text/plain",
        "text/csv",
    }
)
