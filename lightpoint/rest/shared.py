"""Pages of lists that all callers see alike: kept as the text they are sent as, so that a hit costs no query.

Who may see the list is decided before, in each request. Only plain parameters are kept under: words, days and names
have too many values to be asked for twice.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from lightpoint.cache import Entry, get_or_compute, reading_ahead
from lightpoint.rest.pagination import PARAMETERS
from lightpoint.rest.views import ApiView

MEDIA_TYPE = "application/json"


class SharedList(ApiView):
    """A list that answers with `self.kept(lambda: self.page(...))`.

    The service that changes the rows calls `invalidate(entry.name, practice=None)`. `plain` names the filters that are
    kept under, beside cursor, ordering and page_size.
    """

    entry: ClassVar[Entry]
    plain: ClassVar[frozenset[str]] = frozenset()

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As ever; what is kept comes with the first look-up in the cache, which is that of the key."""
        parts = self._parts(request)
        if parts is None:
            return super().dispatch(request, *args, **kwargs)
        with reading_ahead(self.entry, practice=None, parts=parts):
            return super().dispatch(request, *args, **kwargs)

    def kept(self, compute: Callable[[], Response]) -> HttpResponse:
        """What `compute` answers, or did when the same was asked for. Raises what it raises."""
        parts = self._parts(self.request._request)
        if parts is None:
            return compute()
        body = get_or_compute(self.entry, practice=None, parts=parts, compute=lambda: _rendered(compute()))
        return HttpResponse(body, content_type=MEDIA_TYPE)

    def _parts(self, request: HttpRequest) -> list[str] | None:
        """The address, since links are absolute, and the parameters; None for what is not kept."""
        asked = sorted(request.GET.lists())
        if any(name not in self.plain | PARAMETERS or len(values) > 1 for name, values in asked):
            return None
        return [request.build_absolute_uri(request.path), *(part for name, (value,) in asked for part in (name, value))]


def _rendered(answer: Response) -> str:
    return JSONRenderer().render(answer.data).decode()
