"""The addresses of the pages of a list, found as clients find them: by its links."""

import http.client
import json
from collections.abc import Sequence
from urllib.parse import urlencode, urlsplit

from lightpoint.rest.pagination import Cursor

HOST = "127.0.0.1"
SECONDS = 60


class Walker:
    """Follows the links of a server on `port`, with `headers`."""

    def __init__(self, port: int, headers: Sequence[tuple[str, str]]) -> None:
        self._port = port
        self._headers = dict(headers)

    def second(self, path: str) -> str:
        """The second page of the list at `path`."""
        return self._link(path, "next")

    def last(self, path: str, ordering: str) -> str:
        """The last page, as whoever has walked there finds it; from the very end one page back, and forth again."""
        end = Cursor(ordering, backward=True, values=None).written()
        return self._link(self._link(f"{path}?{urlencode({'cursor': end})}", "previous"), "next")

    def _link(self, path: str, name: str) -> str:
        line = http.client.HTTPConnection(HOST, self._port, timeout=SECONDS)
        line.request("GET", path, headers=self._headers)
        link = urlsplit(json.loads(line.getresponse().read())[name])
        line.close()
        return f"{link.path}?{link.query}"
