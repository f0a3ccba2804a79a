"""A manual read page by page: nothing asked for twice, stopped anywhere and gone on with.

What was answered before is kept in a file: the ETag of each page, and the pages that an unfinished run has done.
"""

import json
import os
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from knowledge.ingestion import govuk
from knowledge.ingestion.client import Client, FetchError
from knowledge.ingestion.records import Page, UnreadablePageError

MANUALS: Final = "/hmrc-internal-manuals/"
MOST_PAGES: Final = 5_000  # of one manual; the longest has some 3,500
FAILURES_IN_A_ROW: Final = 5
_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is remembered of a page: its ETag, what it was stored as (or empty), its title, and the paths below it."""

    etag: str
    identifier: str
    body_sha256: str
    title: str
    children: tuple[str, ...]


@dataclass
class Memory:
    """The file of what was answered before. A file that is damaged is begun anew: all is asked for again."""

    file: Path
    kept: dict[str, Kept] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, file: Path) -> "Memory":
        """What `file` holds, or nothing."""
        try:
            held = json.loads(file.read_text(encoding="utf-8"))
            kept = {path: Kept(**{**row, "children": tuple(row["children"])}) for path, row in held["kept"].items()}
            return cls(file, kept, set(held["done"]))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return cls(file)

    def keep(self, path: str, kept: Kept) -> None:
        """Remember `kept`, and that this run has done the page."""
        self.kept[path] = kept
        self.done.add(path)
        self._write()

    def finish(self) -> None:
        """Note that the run came to its end: the next one asks for every page again, by its ETag."""
        self.done.clear()
        self._write()

    def holder_of(self, identifier: str, *, but: str) -> str:
        """The path of another page than `but` that was stored as this section; empty where there is none."""
        others = (path for path, kept in self.kept.items() if kept.identifier == identifier and path != but)
        return next(others, "")

    def _write(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        plain = {"done": sorted(self.done), "kept": {path: asdict(kept) for path, kept in self.kept.items()}}
        beside = self.file.with_suffix(".new")
        beside.write_text(json.dumps(plain), encoding="utf-8")
        os.replace(beside, self.file)


@dataclass(slots=True)
class Found:
    """A page of the manual, or why it could not be had. Who stores the page says as what before asking for the next."""

    path: str
    page: Page | None = None
    fault: str = ""
    stored_as: tuple[str, str] = ("", "")  # identifier, and hash of the body


def manual_path(manual: str) -> str:
    """The path of a manual by the name that stands in its address. Raises FetchError."""
    if not _NAME.fullmatch(manual):
        raise FetchError("A manual is named as in its address, such as complaints-and-remedy-guidance.", stops=True)
    return MANUALS + manual


def crawl(client: Client, manual: str, memory: Memory, is_there: Callable[[Kept], bool]) -> Iterator[Found]:
    """The pages of a manual that are new or not as they were, in its order, and those that could not be had.

    `is_there` tells whether what was kept is what holds still. Raises FetchError where the manual itself cannot be had,
    or FAILURES_IN_A_ROW pages cannot, or the place asks to be left alone.
    """
    root = manual_path(manual)
    waiting, seen, failures = [root], {root}, 0
    while waiting:
        path = waiting.pop(0)
        try:
            kept = yield from _visit(client, path, memory, is_there, _title(memory, root))
            failures = 0
        except (FetchError, UnreadablePageError) as error:
            failures += 1
            if path == root or failures >= FAILURES_IN_A_ROW or getattr(error, "stops", False):
                raise FetchError(f"{path}: {error}", stops=True) from error
            yield Found(path, fault=str(error))
            continue
        below = [child for child in kept.children if child.startswith(f"{root}/") and child not in seen]
        seen.update(below)
        if len(seen) > MOST_PAGES:
            raise FetchError(f"The manual has more than {MOST_PAGES} pages.", stops=True)
        waiting[:0] = below
    memory.finish()


def _visit(
    client: Client, path: str, memory: Memory, is_there: Callable[[Kept], bool], manual_title: str
) -> Generator[Found, None, Kept]:
    """Yield the page at `path` if it has to be stored; return what is remembered of it."""
    kept = memory.kept.get(path)
    if kept is not None and kept.identifier and not is_there(kept):
        kept = None
    if kept is not None and path in memory.done:
        return kept
    answer = client.get(f"/api/content{path}", etag=kept.etag if kept else "")
    if answer.body is None and kept is not None:
        memory.keep(path, kept)
        return kept
    item = govuk.parse(answer.body or b"")
    found = Found(path, page=govuk.read_item(item, manual_title=manual_title))
    if found.page is not None and found.page.body:
        yield found
    index = govuk.read_index(item)
    kept = Kept(answer.etag, *found.stored_as, index.title, index.paths)
    memory.keep(path, kept)
    return kept


def _title(memory: Memory, root: str) -> str:
    return memory.kept[root].title if root in memory.kept else ""
