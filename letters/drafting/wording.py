"""Words and punctuation of the drafted letters: dates and money in full, lists, capitals, short quotations. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from lightpoint.language.dates import format_date
from lightpoint.language.money import format_money

# Words that open a chronology line and lose their capital inside a sentence; names keep theirs.
_LOWERED = frozenset(
    [
        "a",
        "an",
        "all",
        "another",
        "at",
        "both",
        "by",
        "four",
        "from",
        "his",
        "her",
        "its",
        "it",
        "later",
        "no",
        "none",
        "nothing",
        "on",
        "one",
        "our",
        "several",
        "second",
        "the",
        "their",
        "then",
        "there",
        "this",
        "three",
        "two",
        "we",
        "with",
        "first",
        "further",
        "notice",
        "penalty",
        "assessment",
        "assessments",
        "certificate",
        "code",
        "coding",
        "return",
        "letter",
        "call",
        "telephone",
        "webchat",
        "repayment",
        "payment",
        "payments",
        "tax",
        "demand",
        "visit",
        "invoice",
        "application",
        "claim",
        "company",
        "complaint",
        "second-tier",
        "first-tier",
        "statement",
        "calculation",
        "bank",
        "loan",
    ]
)
_SENTENCE_WORDS = 45


# A promise that says by when in its own words.
HAS_TERM = re.compile(r"\bwithin\b|\bbefore\b|\bfrom now on\b|\bby \d|\bdays?\b|\bweeks?\b", re.IGNORECASE)


def day(value: date) -> str:
    return format_date(value)


def pounds(value: Decimal) -> str:
    return format_money(value)


def listed(items: Iterable[str]) -> str:
    """'a', 'a and b', 'a, b and c', each once."""
    words = list(dict.fromkeys(item for item in items if item))
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def own_possessive(text: str) -> str:
    """ "asking HMRC to correct HMRC's record" with the second name as a pronoun, where nobody else stands between."""
    return _OWN.sub(lambda match: f"{match['before']}its", text)


_OWN = re.compile(
    r"(?P<before>\b(?:undertook to|HMRC (?:to|promised to|would|has to|had to)) (?:(?![\w]+['’]s\b)[\w,]+ ){0,7})"
    r"HMRC['’]s"
)


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """`text` as it stands inside a sentence: an opening common word loses its capital, a name does not."""
    word = re.match(r"[A-Za-z-]+", text)
    if word and word.group().lower() in _LOWERED and not (len(word.group()) > 1 and word.group().isupper()):
        return text[:1].lower() + text[1:]
    return text


def flat(text: str) -> str:
    return " ".join(text.split())


def finished(text: str) -> str:
    """One sentence with one full stop."""
    text = flat(text).rstrip(" ;,")
    return text if text.endswith((".", "?", "!", ".”")) else f"{text}."


def words_in(text: str) -> int:
    return len(text.split())


def too_long(text: str) -> bool:
    return words_in(text) > _SENTENCE_WORDS


_CUTS = re.compile(
    r"; |: (?!“)|, (?:stating|showing|in which|which|on which|because|so that|and|but|with)\b|"
    r" and (?=said |wrote |undertook |stated |nothing |asked )"
)


def beginnings(text: str, shortest: int = 4) -> list[str]:
    """The text cut before each of its later clauses, longest first; never inside a quotation."""
    found = [text[: match.start()] for match in _CUTS.finditer(text)]
    return [part for part in reversed(found) if words_in(part) >= shortest and part.count("“") == part.count("”")]


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def pick(options: Sequence[str], place: int) -> str:
    """The wording for the paragraph at `place`: by position, so that neighbours differ and runs agree."""
    return options[place % len(options)] if options else ""


def article_free(title: str) -> str:
    """A document's name as it stands inside a sentence."""
    return lower_first(flat(title))


def quoted(words: str) -> str:
    """Verbatim words in quotation marks; double marks inside become single ones, in pairs."""
    inner = flat(words).strip(" .,;:")
    inner = inner.replace("“", "‘").replace("”", "’")
    inner = _INNER.sub(r"‘\1’", inner).replace('"', "’")
    return f"“{inner}”"


_INNER = re.compile(r'"([^"]*)"')
_SPOKEN_WITHIN = re.compile(r'"([^"]+)"|“([^”]+)”')
_CLAUSE = re.compile(r"(?<=[a-z0-9)])[.;:]\s|,\s(?=and |but |which |so )")
# What stands before the words themselves in notes and transcripts: bullets, numbers, times, a speaker's name.
_BEFORE = re.compile(r"^(?:[-•*>]\s*|\(?\d{1,2}[.)]\s+|\[?\d{1,2}[:.]\d{2}\]?\s*|[A-Z][\w.' ]{0,24}:\s+)+")
_VERB = re.compile(
    r"\b(is|are|was|were|be|been|has|have|had|will|would|can|cannot|could|did|does|do|should|must|may|not|said|says|told|"
    r"asked|agreed?|gets?|got|uphold|upheld|apologi[sz]\w+|offer\w*|ignore|consider\w*|find|found|hope|think|know|owe|send|need|want|confirm\w*|accept\w*|regret)\b|\w['’](ve|m|re|ll|d|t)\b",
    re.IGNORECASE,
)


def cited(words: str, limit: int = 28) -> str:
    """The quotable part of a document's words, in quotation marks.

    Where a note quotes what was said, the said words stand alone, or two of them joined by "and".
    """
    spoken = _spoken_words(words)
    if len(spoken) > 1 and short_quote(words, limit) not in spoken:
        return " and ".join(quoted(part) for part in spoken[:2])
    return quoted(short_quote(words, limit))


def _spoken_words(words: str) -> list[str]:
    """The quotations of three words or more inside words of a note."""
    found = [(one or two).strip(" .,;:") for one, two in _SPOKEN_WITHIN.findall(flat(words))]
    return [part for part in found if words_in(part) >= 3]


def short_quote(words: str, limit: int = 28) -> str:
    """The first whole clauses of `words` within `limit` words; a part of the original, never a change to it."""
    text = _BEFORE.sub("", flat(words))
    best = max(_spoken_words(words), key=len, default="")
    if 5 <= words_in(best) <= limit and 2 * words_in(best) >= words_in(text):
        return best
    if words_in(text) <= limit:
        return text
    ends = [match.start() for match in _CLAUSE.finditer(text) if 5 <= words_in(text[: match.start()]) <= limit]
    return text[: ends[-1]] if ends else ""


def quotable(words: str) -> bool:
    """Whether words of a document read as a statement: a verb, five words or more, no table row or label."""
    text = short_quote(words)
    letters = sum(character.isalpha() or character.isspace() for character in text)
    plain = " | " not in text and letters >= 0.75 * len(text)
    nested = ('"' in text or "“" in text) and len(_spoken_words(words)) < 2
    states = _VERB.search(text) is not None and not _NO_STATEMENT.search(text)
    return words_in(text) >= 5 and plain and not nested and states


# A heading ("What you can do next") and a question tell nothing that could be relied on.
_NO_STATEMENT = re.compile(r"^\W*(?:what|how|where|who|why)\b[^.,:;]{0,40}$|\?\W*$", re.IGNORECASE)


def references_spaced(kind: str, value: str) -> str:
    """A reference as letters print it: a UTR as 51844 02917, a NINO as QQ 40 21 77 A, a VAT number plain."""
    plain = re.sub(r"\s", "", value)
    if kind == "utr" and len(plain) == 10:
        return f"{plain[:5]} {plain[5:]}"
    if kind == "nino" and len(plain) == 9:
        return f"{plain[:2]} {plain[2:4]} {plain[4:6]} {plain[6:8]} {plain[8:]}"
    return value
