"""HTML: the words of a page's main part, and what its head tells. Nothing is fetched, nothing is run."""

import re
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from typing import Final

CELL_GAP: Final = " | "
_BLOCK_NAMES: Final = """
address article aside blockquote body dd details div dl dt fieldset figcaption figure form h1 h2 h3 h4 h5 h6 hr
main ol p pre section summary table tbody tfoot thead tr ul
"""
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
_ITEMS: Final = frozenset({"li", "tr", "dt", "dd"})
_SILENT_NAMES: Final = """
button footer form head header iframe math nav noscript object script select style svg template textarea title
"""
_SILENT: Final = frozenset(_SILENT_NAMES.split())
_VOID_NAMES: Final = "area base br col embed hr img input link meta param source track wbr"
_VOID: Final = frozenset(_VOID_NAMES.split())
_FURNITURE: Final = re.compile(
    r"breadcrumb|cookie|skip-link|feedback|pagination|previous-and-next|contents-list|phase-banner|metadata|"
    r"published-dates|share-links|related-navigation|print-link|back-to-top|global-header|govuk-footer",
    re.IGNORECASE,
)
_LOOK_BACK: Final = 200  # open elements among which the one that is closed is looked for
_DATES: Final = ("govuk:public-updated-at", "article:modified_time", "last-modified", "dc.date.modified", "date")


@dataclass(frozen=True, slots=True)
class Document:
    """`text` has an empty line between paragraphs and a line for each item of a list. The rest may be empty."""

    text: str
    title: str = ""
    url: str = ""
    updated: date | None = None


@dataclass
class _Told:
    title: list[str] = field(default_factory=list)
    heading: list[str] = field(default_factory=list)
    url: str = ""
    meta: dict[str, str] = field(default_factory=dict)


def read_html(markup: str) -> Document:
    """The words of `markup` without navigation, banners, forms and scripts; those of <main> alone where it has one."""
    parser = _Reader()
    parser.feed(markup)
    parser.close()
    told = parser.told
    main = _text(parser.main)
    return Document(
        text=main if main.strip() else _text(parser.all),
        title=_title(" ".join("".join(told.title).split()), " ".join("".join(told.heading).split())),
        url=told.url or told.meta.get("og:url", ""),
        updated=next((day for name in _DATES if (day := iso_date(told.meta.get(name, "")))), None),
    )


def _title(of_window: str, of_page: str) -> str:
    """A manual's pages have the manual's name for their heading; the window's title tells the section's."""
    return of_window if "HMRC internal manual" in of_window or not of_page else of_page


def iso_date(written: str) -> date | None:
    """The day of a time in ISO 8601; None for anything else."""
    try:
        return date.fromisoformat(written.strip()[:10])
    except ValueError:
        return None


def _text(pieces: list[str]) -> str:
    lines = [" ".join(line.split()) for line in "".join(pieces).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


@dataclass(frozen=True, slots=True)
class _Around:
    """An element that is open: its name, and what holds for the words in it."""

    name: str = ""
    dropped: bool = False
    in_main: bool = False
    in_title: bool = False
    in_heading: bool = False


class _Reader(HTMLParser):
    """Collects the words that a reader would see, apart for <main> and for the whole."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.told = _Told()
        self.main: list[str] = []
        self.all: list[str] = []
        self._open: list[_Around] = [_Around()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._note(tag, given)
        if tag == "br" or tag in _ITEMS:
            self._add("\n")
        elif tag in _BLOCKS:
            self._add("\n\n")
        elif tag in {"td", "th"}:
            self._add(self._cell_gap())
        if tag not in _VOID:
            around = self._open[-1]
            self._open.append(
                _Around(
                    tag,
                    dropped=around.dropped or tag in _SILENT or _is_furniture(given),
                    in_main=around.in_main or tag == "main",
                    in_title=around.in_title or (tag == "title" and around.name != "svg"),
                    in_heading=around.in_heading or tag == "h1",
                )
            )

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS and tag not in _ITEMS:
            self._add("\n\n")
        for place in range(len(self._open) - 1, max(0, len(self._open) - _LOOK_BACK), -1):
            if self._open[place].name == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        around = self._open[-1]
        if around.in_title:
            self.told.title.append(data)
        elif not around.dropped:
            if around.in_heading:
                self.told.heading.append(data)
            self._add(re.sub(r"\s+", " ", data))

    def _note(self, tag: str, given: dict[str, str]) -> None:
        if tag == "meta" and given.get("content"):
            self.told.meta.setdefault((given.get("name") or given.get("property") or "").lower(), given["content"])
        elif tag == "link" and given.get("rel", "").lower() == "canonical":
            self.told.url = given.get("href", "")

    def _add(self, piece: str) -> None:
        if not self._open[-1].dropped:
            self.all.append(piece)
            if self._open[-1].in_main:
                self.main.append(piece)

    def _cell_gap(self) -> str:
        for piece in reversed(self.all):
            if piece.endswith("\n"):
                return ""
            if piece.strip():
                return CELL_GAP
        return ""


def _is_furniture(given: dict[str, str]) -> bool:
    style = given.get("style", "").replace(" ", "").lower()
    hidden = "hidden" in given or given.get("aria-hidden") == "true" or "display:none" in style
    navigation = given.get("role", "").lower() in {"navigation", "search", "banner", "contentinfo"}
    return hidden or navigation or bool(_FURNITURE.search(f"{given.get('class', '')} {given.get('id', '')}"))
