"""Small helpers for writing British English. Pure."""

import re
from collections.abc import Sequence

from lightpoint.language.numbers import number_in_words

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_IRREGULAR = {"person": "people", "child": "children", "man": "men", "woman": "women", "basis": "bases"}


def join_list(items: Sequence[str], *, word: str = "and") -> str:
    """Return "a", "a and b" or "a, b and c"; items that hold a comma are parted by semicolons."""
    if len(items) < 2:
        return "".join(items)
    comma = "; " if any("," in item for item in items) else ", "
    joint = f"; {word} " if comma == "; " and len(items) > 2 else f" {word} "
    return comma.join(items[:-1]) + joint + items[-1]


def in_words(number: int) -> str:
    """Return one to ten in words, anything else in figures: "three", "14"."""
    return number_in_words(number) if 0 < number <= 10 else f"{number:,}"


def ordinal(number: int) -> str:
    """Return "first" to "tenth" in words, then "11th", "21st"."""
    if 0 < number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    return f"{number}{ordinal_suffix(number)}"


def ordinal_suffix(number: int) -> str:
    """Return "st", "nd", "rd" or "th" for a whole number."""
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def possessive(name: str) -> str:
    """Return "Miss Quernmore's", "the Thornquists'", "HMRC's", "Mr Jones's"."""
    if not name:
        return name
    plural_name = re.match(r"the\s", name, re.IGNORECASE) and name.endswith("s") and name[-2:] != "ss"
    return f"{name}'" if plural_name or name.endswith("s'") else f"{name}'s"


def plural(number: int, noun: str, many: str = "", *, words: bool = False) -> str:
    """Return "1 day", "2 days", "1,200 days"; with `words`, "two days" up to ten."""
    count = in_words(number) if words and number else f"{number:,}"
    return f"{count} {noun if number == 1 else many or plural_of(noun)}"


def plural_of(noun: str) -> str:
    """Return the plural of a regular English noun or phrase ("working day", "box", "penalty")."""
    head, _, last = noun.rpartition(" ")
    prefix = f"{head} " if head else ""
    if last.lower() in _IRREGULAR:
        return prefix + _IRREGULAR[last.lower()]
    if re.search(r"(?:s|x|z|ch|sh)$", last):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if re.search(r"[^aeiou]y$", last) else f"{noun}s"


def sentence_case(text: str) -> str:
    """Return `text` with a capital first letter and the rest as it stands."""
    at = next((i for i, char in enumerate(text) if char.isalpha()), None)
    return text if at is None else text[:at] + text[at].upper() + text[at + 1 :]


def article(noun: str) -> str:
    """Return `noun` with "a" or "an" before it, by sound for initials ("an HMRC letter", "a VAT return", "a UTR")."""
    first = noun.split(maxsplit=1)[0] if noun.split() else ""
    if re.match(r"[A-Z]{2,}", first) or (len(first) == 1 and first.isupper()):
        vowel = first[0] in "AEFHILMNORSX"
    else:
        vowel = bool(re.match(r"(?:[aio]|e(?!u)|u(?!ni|se|sual|til)|hono|hour|8|11\b|18\b)", first.lower()))
        vowel = vowel and not re.match(r"one", first.lower())
    return f"{'an' if vowel else 'a'} {noun}"
