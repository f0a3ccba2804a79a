"""Pages of lists that all callers see alike: kept as the bytes they are sent as, so that a hit costs no query.

Who may see the list is decided before, in each request. Only plain parameters are kept under: words, days and names
have too many values to be asked for twice.
"""

from collections.abc import Callable

from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from lightpoint.cache import Entry, get_or_compute

MEDIA_TYPE = "application/json"


def kept_answer(
    entry: Entry, request: Request, compute: Callable[[], Response], *, names: frozenset[str]
) -> HttpResponse | Response:
    """What `compute` answers, or did when the same address was asked for with the same parameters, all of `names`.

    The service that changes the rows calls `invalidate(entry.name, practice=None)`. Raises what `compute` raises.
    """
    asked = sorted(request.query_params.lists())
    if not names.issuperset(request.query_params) or any(len(values) > 1 for _, values in asked):
        return compute()
    where = request.build_absolute_uri(request.path)  # links to other pages are absolute
    parts = [where, *(part for name, (value,) in asked for part in (name, value))]
    body = get_or_compute(entry, practice=None, parts=parts, compute=lambda: _rendered(compute()))
    return HttpResponse(body, content_type=MEDIA_TYPE)


def _rendered(answer: Response) -> str:
    return JSONRenderer().render(answer.data).decode()
