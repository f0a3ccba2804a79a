"""The lists of small_words.txt: words without a meaning of their own, by what they are. Pure, read once."""

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _lists() -> dict[str, frozenset[str]]:
    text = (files("lightpoint.grounding") / "small_words.txt").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            current = found.setdefault(line[1 : line.index("]")], [])
        elif not line.startswith("#"):
            current += line.split()
    return {name: frozenset(words) for name, words in found.items()}


def word_list(name: str) -> frozenset[str]:
    """The words of one list. Raises KeyError for a list that the file does not have."""
    return _lists()[name]
