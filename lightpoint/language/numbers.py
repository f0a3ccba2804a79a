"""Numbers written in words, both ways. Pure."""

import re

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = _SMALL.split(" ")
_TENS = {word: 10 * n for n, word in enumerate(_ROUND.split(" "), 2)}
_VALUES = {word: n for n, word in enumerate(_ONES)} | _TENS | {"fourty": 40, "nil": 0, "dozen": 12}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}

_UNIT = "|".join(sorted([*_VALUES, *_SCALES], key=len, reverse=True))
NUMBER_WORDS = (
    rf"(?:(?:an?[ ]+(?=hundred|thousand|million|dozen))?(?:{_UNIT})(?:(?:[ \-]+and[ ]+|[ \-]+)(?:{_UNIT})){{0,9}})"
)
"""A regular expression (to be used without regard to case) for a number in words."""


def parse_number_words(words: str) -> int | None:
    """Return the number that `words` say ("eleven", "twenty-one", "a hundred and five", "14"), or None."""
    tokens = [token for token in re.split(r"[\s\-]+", words.strip().lower()) if token not in ("", "and")]
    if tokens[:1] in (["a"], ["an"]) and len(tokens) > 1:
        tokens = (["one"] if tokens[1] != "dozen" else []) + tokens[1:]
    if len(tokens) == 1 and re.fullmatch(r"[0-9]{1,3}(,?[0-9]{3})*", tokens[0]):
        return int(tokens[0].replace(",", ""))
    return _add_up(tokens) if tokens else None


def _add_up(tokens: list[str]) -> int | None:
    total = group = 0
    for word in tokens:
        if word in _VALUES:
            group += _VALUES[word]
        elif word == "hundred":
            group = max(group, 1) * 100
        elif word in _SCALES:
            total, group = total + max(group, 1) * _SCALES[word], 0
        else:
            return None
    return total + group


def number_in_words(value: int) -> str:
    """Return `value` from 0 to 999 in words ("forty-two", "a hundred and five" as "one hundred and five")."""
    if not 0 <= value <= 999:
        raise ValueError(f"{value} is not between 0 and 999")
    if value < 20:
        return _ONES[value]
    if value < 100:
        tens, ones = divmod(value, 10)
        word = next(name for name, n in _TENS.items() if n == tens * 10)
        return f"{word}-{_ONES[ones]}" if ones else word
    hundreds, rest = divmod(value, 100)
    return f"{_ONES[hundreds]} hundred" + (f" and {number_in_words(rest)}" if rest else "")
