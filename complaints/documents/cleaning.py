"""Text from any format brought to one form, without adding or losing a letter or a digit."""

import re
import unicodedata

_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "ft",
    0xFB06: "st",
}
_SPACES = dict.fromkeys([0xA0, 0x2007, 0x2009, 0x200A, 0x202F, 0x2002, 0x2003, 0x205F, 0x3000], " ")
_TABLE = {**_LIGATURES, **_SPACES, 0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n", 0xFFFE: None}
_BLANK_LINES = re.compile(r"\n{3,}")
_TRAILING = re.compile(r"(?<![ \t])[ \t]+\n")


def clean_text(text: str) -> str:
    """Return text with Unix line ends, plain spaces and no invisible characters; at most one blank line in a row."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TABLE)
    visible = unified if unified.isascii() and unified.isprintable() else _drop_invisible(unified)
    return _BLANK_LINES.sub("\n\n", _TRAILING.sub("\n", visible + "\n")).strip("\n").rstrip()


def _drop_invisible(text: str) -> str:
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})


def count_letters(text: str) -> int:
    """Return how many letters and digits a text has."""
    return sum(map(str.isalnum, text))
