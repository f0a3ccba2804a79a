"""Plain text and Markdown."""

import re
from collections.abc import Mapping
from typing import Final

from knowledge.ingestion.records import UnreadablePageError

_BINARY: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_STRAY: Final = 3
_LEAST_ASCII: Final = 0.85  # of a page in Windows-1252: English has more, other kinds of files less
_NOT_READ: Final = "The file is damaged, or not of a kind that can be read."
_FRONT: Final = re.compile(r"\A---[ \t]*\n(?P<lines>.*?)\n---[ \t]*\n", re.DOTALL)
_FIELD: Final = re.compile(r"^(?P<name>[A-Za-z_-]{2,30}):[ \t]*(?P<value>.*)$", re.MULTILINE)
_HEADING: Final = re.compile(r"^(#{1,6})[ \t]+(.*?)[ \t#]*$", re.MULTILINE)
_RULES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"!\[([^\]\n]*)\]\([^)\n]*\)"), r"\1"),
    (re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)"), r"\1"),
    (re.compile(r"<(https?://[^>\s]+)>"), r"\1"),
    (re.compile(r"^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+", re.MULTILINE), "\n"),
    (re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE), ""),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
)


def decode(data: bytes) -> str:
    """Text by its byte order mark, else UTF-8, else Windows-1252. Raises UnreadablePageError where it is none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
            if sum(byte < 0x80 for byte in data) < _LEAST_ASCII * len(data):
                raise UnreadablePageError(_NOT_READ) from None
    if len(_BINARY.findall(text)) > max(_STRAY, len(text) // 50):
        raise UnreadablePageError(_NOT_READ)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_text(text: str) -> tuple[str, str]:
    """Text and title: its first line, where that is short and stands alone."""
    first, _, rest = text.strip().partition("\n")
    alone = len(first) <= 150 and not first.rstrip().endswith((".", ";", ",")) and rest.strip() != ""
    return _paragraphs(text), " ".join(first.split()) if alone else ""


def read_markdown(text: str) -> tuple[str, str, Mapping[str, str]]:
    """Text without the marks, title, and the fields at the file's head (title, identifier, date, url, archived)."""
    front = _FRONT.match(text)
    written = _FIELD.finditer(front["lines"]) if front else iter(())
    fields = {match["name"].lower(): match["value"].strip(" \"'") for match in written}
    body = text[front.end() :] if front else text
    heading = _HEADING.search(body)
    title = fields.get("title") or (heading[2] if heading else "")
    body = _HEADING.sub(r"\n\2\n", body)
    for pattern, plain in _RULES:
        body = pattern.sub(plain, body)
    return _paragraphs(body), title, fields


def _paragraphs(text: str) -> str:
    """Paragraphs whose lines were broken to fit a page are one line; lines of a list stay lines."""
    blocks = re.split(r"\n[ \t]*\n\s*", text.strip())
    return "\n\n".join(_unwrapped(block) for block in blocks)


def _unwrapped(block: str) -> str:
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    wrapped = len(lines) > 1 and min(len(line) for line in lines[:-1]) >= 50
    return " ".join(lines) if wrapped else "\n".join(lines)
