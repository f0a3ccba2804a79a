"""SQL without its values: what a statement does, for records that must not hold what a row holds. No Django in here."""

import re
from functools import lru_cache

LONGEST_READ = 20_000
LONGEST = 400
_VALUES = re.compile(
    r"""
      --[^\n]*                                  # comments
    | /\*.*?(?:\*/|\Z)
    | (?P<quote>\$\w*\$).*?(?:(?P=quote)|\Z)    # $$...$$ and $tag$...$tag$
    | [eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)           # E'...' knows backslashes
    | '(?:[^']|'')*(?:'|\Z)                     # an unfinished one ends with the statement
    | %\(\w+\)s | %[sbt] | \$\d+                # parameters
    | "(?:[^"]|"")*(?:"|\Z)                     # names stay as they are
    | [A-Za-z_]\w*
    | \d[\w.]*                                  # numbers
    """,
    re.VERBOSE | re.DOTALL,
)
_LIST = re.compile(r"\?(?:(?:::\w+)?\s*,\s*\?)+")
_ROWS = re.compile(r"\(\?\)(?:\s*,\s*\(\?\))+")
_SPACE = re.compile(r"\s+")


@lru_cache(maxsize=512)
def fingerprint(statement: str) -> str:
    """`statement` with ? for every value and list of values, comments removed, at most 400 characters long."""
    bare = _VALUES.sub(_replace, statement[:LONGEST_READ])
    bare = _ROWS.sub("(?)", _LIST.sub("?", _SPACE.sub(" ", bare)))
    return bare.strip()[:LONGEST]


def _replace(match: re.Match[str]) -> str:
    text = match[0]
    if text.startswith(("--", "/*")):
        return " "
    if text[0] == '"' or ((text[0].isalpha() or text[0] == "_") and not text.startswith(("e'", "E'"))):
        return text
    return "?"
