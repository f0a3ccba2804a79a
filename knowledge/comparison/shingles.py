"""Texts as sets of word shingles, and sketches of such sets (A. Broder, "On the resemblance and containment of
documents", SEQUENCES 1997).

Figures do not count: every number is written as one sign, so that two texts that differ in a figure alone are alike in
wording and their figures are compared apart. A shingle is three words in a row, hashed to 63 bits by BLAKE2b under a
fixed key, so that a sketch that is stored means the same in every process and on every machine.
"""

import hashlib
import re
from typing import Final

from lightpoint.language.normalise import squeeze

WIDTH: Final = 3  # words of a shingle
MODULUS: Final = 8  # of the shingles of a text one in so many is in its sketch: Broder's MOD_m, which keeps containment
FEWEST: Final = 24  # the smallest are in it in any case: MIN_s, so that short texts have a sketch too
MOST: Final = 4_096
_KEY: Final = b"lightpoint shingles 1"
_WORD: Final = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)?")


def digest_of(text: str) -> str:
    """SHA-256 of `text`, in which white space, case and the style of quotes and dashes do not count."""
    return hashlib.sha256(squeeze(text).casefold().encode()).hexdigest()


def words_of(text: str) -> list[str]:
    """The words of `text` in lower case; each number is "#"."""
    return ["#" if word[0].isdigit() else word for word in _WORD.findall(squeeze(text).casefold())]


def shingles(text: str) -> frozenset[int]:
    """The hashes of every three words in a row, from 0 to 2**63 - 1; of a shorter text the hash of all of it."""
    words = words_of(text)
    if not words:
        return frozenset()
    width = min(WIDTH, len(words))
    rows = {" ".join(words[start : start + width]) for start in range(len(words) - width + 1)}
    return frozenset(_hashed(row) for row in rows)


def sketch_of(found: frozenset[int]) -> tuple[int, ...]:
    """The shingles that stand for all of them, ascending: those divisible by MODULUS, and the FEWEST smallest."""
    ordered = sorted(found)
    chosen = {number for number in ordered if number % MODULUS == 0} | set(ordered[:FEWEST])
    return tuple(sorted(chosen)[:MOST])


def resemblance(one: frozenset[int], other: frozenset[int]) -> float:
    """|A ∩ B| / |A ∪ B|, from 0 to 1; two texts without words are alike."""
    return len(one & other) / len(one | other) if one or other else 1.0


def containment(one: frozenset[int], other: frozenset[int]) -> float:
    """How much of the smaller set is in the larger, from 0 to 1."""
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer else float(not one and not other)


def _hashed(row: str) -> int:
    return int.from_bytes(hashlib.blake2b(row.encode(), digest_size=8, key=_KEY).digest()) >> 1
