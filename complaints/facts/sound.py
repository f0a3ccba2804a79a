"""Whether a line of the chronology is fit to be read by a stranger, and what stands in where it is not.

A line made from somebody's words can go wrong: a verb that no longer agrees, a pronoun without its noun, half a clause.
Such a line is not mended further; a quotation, introduced properly, takes its place.
"""

import re

from complaints.facts.view import flat
from complaints.facts.wording import shorten, tidy, upper_first

_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
_FAULTS = re.compile(
    r"^(?:they|it|he|she|this|these|those|again|which|and|but|thank|please|should|as|re|nb|if|when|although|"
    r"because|who|whose|than|with|for|to|also|now|then|so)\b"
    r"|\bhad had\b|\bthat (?:told|said|says)\b|\bthanks? (?:HMRC|us|them|for|\w+ for)\b|\bHMRC HMRC\b"
    r"|\bHMRC['’]s HMRC\b"
    r"|\b(?:which|that|and|or|of|the|to|a|an|by|with|from|for|has|had|was|were|is|been|not) *$"
    r"|\b(?:I|me|my|you|your|yours|mine|myself)\b|\bHMRC (?:are|were|have|do|find|need)\b"
    r"|\bus (?:was|were|had|is|are)\b|\bwe (?:was|is|has)\b|\b(?:to|for|from|by) we\b|\babout (?:you|we) \w+ed\b"
    r"|\b(?:their|them) (?:have|had|insured)\b|\bopened HMRC['’]s\b|[•\n|]| {2}|\.\s+[a-z]|…|\w- \w"
    r"|\bour representations\b|\b(?:which|that) HMRC *$|\b(?:made|sent|charged|received|dated|issued) (?:was|were"
    r"|has|had)\b|\bW-\b|\bthe the\b|\ba the\b",
    re.I,
)
_SHORTEST = 12


def is_sound(line: str) -> bool:
    """Whether a line reads as a whole English sentence about named people."""
    bare = _QUOTED.sub('""', line)
    if len(line) < _SHORTEST or not _balanced(line):
        return False
    return not _FAULTS.search(bare) and len(bare.split()) > 2


def _balanced(line: str) -> bool:
    return line.count("(") == line.count(")") and line.count('"') % 2 == 0 and line.count("“") == line.count("”")


def quoted(lead: str, text: str, limit: int = 200) -> str:
    """Words introduced as a quotation: `HMRC wrote: "..."`; inner quotation marks become single ones."""
    words = shorten(flat(join_hyphens(tidy(text))), limit)
    words = words.strip('"“” ') if words.count('"') % 2 or words.count("“") != words.count("”") else words
    words = re.sub(r"[\"“”]", "'", words) if re.search(r"[\"“”]", words) else words
    return upper_first(
        f'{lead}: "{upper_first(words)}"' if words[:1].islower() and text[:1].isupper() else f'{lead}: "{words}"'
    )


def join_hyphens(text: str) -> str:
    """A word that a line end has cut at its hyphen."""
    return re.sub(r"(\w)-\s*\n\s*([a-z])", r"\1-\2", text)
