"""Plain text, CSV and HTML to text."""

import csv
import io
import re
from collections.abc import Sequence
from html.parser import HTMLParser

from complaints.documents.cleaning import clean_text
from complaints.documents.errors import UnreadableFileError

CELL_GAP = " | "
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 50
_STRAY = 3


def decode_text(data: bytes) -> str:
    """Decode by byte order mark, else UTF-8, else UTF-16 without a mark, else Windows-1252.

    Raises `UnreadableFileError` where the bytes are not text in any of them.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    text = data.decode(_guess_encoding(data), errors="replace")
    if len(_BINARY.findall(text)) > max(_STRAY, len(text) // 50):
        raise UnreadableFileError("corrupt", "The file is damaged, or not of a kind that can be read.")
    return text


def _guess_encoding(data: bytes) -> str:
    even, odd = data[0:4096:2].count(0), data[1:4096:2].count(0)
    half = max(min(len(data), 4096) // 2, 1)
    if odd * 2 > half and even * 10 < half:
        return "utf-16-le"
    if even * 2 > half and odd * 10 < half:
        return "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def read_csv(data: bytes) -> str:
    """Return rows as lines whose cells are joined with the cell gap; the delimiter is found from the rows."""
    text = decode_text(data)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text), strict=False)
    try:
        return "\n".join(join_cells(row) for row in rows)
    except csv.Error as error:
        raise UnreadableFileError("corrupt", "The rows of the CSV file cannot be told apart.") from error


def _find_delimiter(text: str) -> str:
    """Return the mark that parts most lines into the same number of cells."""
    lines = [line for line in text.splitlines() if line.strip()][:_SAMPLE_LINES]

    def agreement(delimiter: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        wide = [count for count in counts if count > 1]
        common = max(set(wide), key=lambda count: (wide.count(count), count), default=1)
        return wide.count(common), common

    return max(_DELIMITERS, key=agreement)


def join_cells(cells: Sequence[str]) -> str:
    """Join a row's cells left to right; empty cells keep their place, those at the end are dropped."""
    flat = [re.sub(r"\s+", " ", cell).strip() for cell in cells]
    while flat and not flat[-1]:
        flat.pop()
    return CELL_GAP.join(flat)


_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "ul",
    ]
)
_SILENT = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "template",
        "noscript",
        "svg",
        "math",
        "object",
        "iframe",
        "select",
        "textarea",
    ]
)
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_WHITE = (
    r"(?:#f{3}(?:f{3})?\b|#f[ef]f[ef]f[ef]\b|white\b|transparent\b|rgba?\(\s*25[0-5]\s*,\s*25[0-5]\s*,\s*25[0-5]\b)"
)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|opacity\s*:\s*0?\.?0*(?![.\d])|"
    r"font(?:-size)?\s*:[^;]{0,20}?(?<![\d.])(?:[01](?:\.\d+)?|0?\.\d+)(?:px|pt)?(?![.\d%a-z])|"
    r"text-indent\s*:\s*-\d{3,}|(?:left|top|right|margin-left|margin-top)\s*:\s*-\d{3,}|"
    r"(?<![\w-])(?:max-)?(?:height|width)\s*:\s*0(?![.\d])|clip(?:-path)?\s*:\s*(?:rect\(\s*0|inset\(\s*(?:50|100)%)"
)
_PALE = re.compile(rf"(?<![\w-])color\s*:\s*{_WHITE}")
_BACKGROUND = re.compile(rf"background(?:-color)?\s*:\s*(?!{_WHITE}|none|inherit)\S")


class _TextOfHtml(HTMLParser):
    """Collects what a reader would see; scripts and styles are dropped, hidden words kept apart."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.hidden: list[str] = []
        self._open: list[tuple[str, bool, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.shown.append("\n")
        elif tag in {"td", "th"} and self._row_has_text():
            self.shown.append(CELL_GAP)
        elif tag in _BLOCKS:
            self.shown.append("\n")
        if tag not in _VOID:
            self._open.append((tag, self._is_silent() or tag in _SILENT, self._is_hidden() or _hides(attrs)))

    def handle_endtag(self, tag: str) -> None:
        names = [name for name, _, _ in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]
        if tag in _BLOCKS:
            self.shown.append("\n\n" if tag in {"p", "table", "ul", "ol"} else "\n")

    def handle_data(self, data: str) -> None:
        if self._is_silent():
            return
        target = self.hidden if self._is_hidden() else self.shown
        target.append(data if self._is_preformatted() else re.sub(r"\s+", " ", data))

    def _is_silent(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _is_hidden(self) -> bool:
        return bool(self._open) and self._open[-1][2]

    def _is_preformatted(self) -> bool:
        return any(name == "pre" for name, _, _ in self._open)

    def _row_has_text(self) -> bool:
        for piece in reversed(self.shown):
            if "\n" in piece:
                return False
            if piece.strip():
                return True
        return False


def _hides(attrs: list[tuple[str, str | None]]) -> bool:
    """Whether the attributes of an element take its words out of a reader's sight: not shown, tiny, white, far away."""
    named = {name: (value or "").lower() for name, value in attrs}
    style = named.get("style", "")
    pale = _PALE.search(style) or re.fullmatch(_WHITE, named.get("color", "").strip())
    on_dark = _BACKGROUND.search(style) or "bgcolor" in named
    return "hidden" in named or _HIDING.search(style) is not None or bool(pale and not on_dark)


def html_to_text(html: str) -> tuple[str, tuple[str, ...]]:
    """Return what a reader of the page sees, and the words the page hides from that reader."""
    parser = _TextOfHtml()
    parser.feed(html)
    parser.close()
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in "".join(parser.shown).splitlines()]
    hidden = clean_text(" ".join("".join(parser.hidden).split()))
    return clean_text("\n".join(lines)), (hidden,) if hidden else ()
