"""Words that stand for other words, and figures as single words: what search finds beside the text. Pure.

Both sides of a search use it. A passage's extra terms are stored beside its text; a question's are added to its words.
An abbreviation and what it is short for then share one word ("wd" for "W&D" and for "worry and distress"), and
"£1,000", "£1000" and "1,000 pounds" are all "gbp1000".
"""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

# Abbreviation, as one word -> what it is short for, the way the guidance writes it first. Sources: the sections' own
# words, HMRC's manuals, and usage in the profession.
ABBREVIATIONS: Final[dict[str, tuple[str, ...]]] = {
    "adml": ("Admin Law Manual",),
    "adr": ("alternative dispute resolution",),
    "ao": ("Adjudicator's Office", "Adjudicator"),
    "apn": ("accelerated payment notice",),
    "artg": ("Appeals, Reviews and Tribunals Guidance",),
    "avc": ("additional voluntary contributions", "additional voluntary contribution"),
    "ccast": ("Central Complaints Advice and Support Team",),
    "cgt": ("capital gains tax",),
    "chart": ("Complaints Handling Analysis and Reporting Tool",),
    "chg": ("Complaints Handling Guidance",),
    "cis": ("construction industry scheme",),
    "cpst": ("Complaints Policy and Strategy Team",),
    "crg": ("Complaints and Remedy Guidance",),
    "ct": ("corporation tax",),
    "dpa": ("Data Protection Act",),
    "dwp": ("Department for Work and Pensions",),
    "eccs": ("Extra-Statutory Concessions and Complaints System",),
    "esc": ("extra-statutory concession", "extra-statutory concessions"),
    "foi": ("freedom of information",),
    "frs": ("flat rate scheme",),
    "ftt": ("First-tier Tribunal",),
    "gdpr": ("General Data Protection Regulation",),
    "hicbc": ("high income child benefit charge",),
    "hmrc": ("HM Revenue and Customs", "HM Revenue & Customs"),
    "ico": ("Information Commissioner's Office", "Information Commissioner"),
    "iht": ("inheritance tax",),
    "lpp": ("late payment penalty", "late payment penalties"),
    "mp": ("Member of Parliament",),
    "mtd": ("making tax digital",),
    "ni": ("National Insurance",),
    "nic": ("National Insurance contributions", "National Insurance contribution", "National Insurance"),
    "paye": ("pay as you earn",),
    "pch": ("poor complaint handling", "poor complaints handling"),
    "phso": ("Parliamentary and Health Service Ombudsman", "Parliamentary Ombudsman", "Ombudsman"),
    "rti": ("real time information",),
    "sa": ("self assessment",),
    "sar": ("subject access request",),
    "sdlt": ("stamp duty land tax",),
    "ssp": ("statutory sick pay",),
    "ttp": ("time to pay",),
    "ut": ("Upper Tribunal",),
    "utr": ("unique taxpayer reference",),
    "vat": ("value added tax",),
    "voa": ("Valuation Office Agency",),
    "wd": ("worry and distress", "worry or distress", "worry & distress", "distress and worry"),
}
# Written otherwise than as its letters alone.
_SPELLINGS: Final = {"w&d": "wd", "w and d": "wd", "w & d": "wd", "nics": "nic", "utt": "ut", "esc's": "esc"}
# What people ask with -> what the guidance says. One way only: it serves a question, and would blur a passage.
SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "accountant": ("agent", "professional"),
    "accountants": ("agent", "professional"),
    "adviser": ("agent", "professional"),
    "advisor": ("agent", "professional"),
    "apology": ("apologise",),
    "bookkeeper": ("agent", "professional"),
    "compensation": ("redress", "payment"),
    "escalate": ("second tier", "adjudicator"),
    "letter": ("correspondence",),
    "letters": ("correspondence",),
    "lost": ("mislaid",),
    "refund": ("repayment", "reimburse"),
    "refunded": ("repayment", "reimburse"),
    "solicitor": ("legal", "professional"),
    "stress": ("worry and distress", "wd"),
    "stressed": ("worry and distress", "wd"),
    "upset": ("worry and distress", "wd"),
}

_NUMBER_WORDS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90,
}  # fmt: skip
_WORDS: Final = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_AMOUNT: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,12}(?:\.\d+)?"
_SCALES: Final = {"": 1, "k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
_POUNDS: Final = re.compile(
    rf"£\s?(?P<before>{_AMOUNT})\s?(?P<scale>k|thousand|million|m)?\b"
    rf"|\b(?P<after>{_AMOUNT})\s?(?P<scale_after>k|thousand|million)?\s?(?:pounds?|gbp|quid)\b",
    re.IGNORECASE,
)
_NUMBER: Final = rf"(?:\d{{1,4}}|{_WORDS})"
_PERIOD: Final = re.compile(
    rf"\b(?:(?P<low>{_NUMBER})\s?(?:-|–|to|or)\s?)?(?P<high>{_NUMBER})[\s-]?(?P<working>working[\s-])?"
    r"(?P<unit>hour|day|week|month|year)s?\b",
    re.IGNORECASE,
)
_PERCENT: Final = re.compile(r"\b(\d{1,3}(?:\.\d{1,3})?)\s?(?:%|per\s?cent\b|percent\b)", re.IGNORECASE)
_TIER_BEFORE: Final = re.compile(r"\b(first|second|third|1st|2nd|3rd)[\s-](?:tier|stage)\b", re.IGNORECASE)
_TIER_AFTER: Final = re.compile(r"\b(?:tier|stage)[\s-]?(one|two|three|[123])\b", re.IGNORECASE)
_TIERS: Final = {
    "first": 1, "1st": 1, "one": 1, "1": 1, "second": 2, "2nd": 2, "two": 2, "2": 2, "third": 3, "3rd": 3, "three": 3,
    "3": 3,
}  # fmt: skip


def expand_terms(text: str) -> tuple[str, ...]:
    """The abbreviations that `text` means, as one word each, and what those that it writes short are short for.

    "W&D" gives "wd" and "worry and distress"; "worry and distress" gives "wd". In the order of ABBREVIATIONS.
    """
    plain = _plain(text)
    short = {_SPELLINGS.get(found, found) for found in _SHORT.findall(plain)}
    meant = {_LONG_FORMS[found] for found in _LONG.findall(plain)}
    meant |= {abbreviation for abbreviation, rows in _ALSO.items() if rows & meant}
    terms: dict[str, None] = {}
    for abbreviation, long_forms in ABBREVIATIONS.items():
        if abbreviation in short or abbreviation in meant:
            terms[abbreviation] = None
        if abbreviation in short:
            terms[long_forms[0]] = None
    return tuple(terms)


def written_out(word: str) -> tuple[str, ...]:
    """What `word` is short for, as the guidance writes it first; nothing where it is not short for anything."""
    plain = _plain(word)
    return ABBREVIATIONS.get(_SPELLINGS.get(plain, plain), ())[:1]


def question_synonyms(question: str) -> tuple[str, ...]:
    """The words of the guidance for what `question` calls otherwise; each once, in the question's order."""
    words = re.findall(r"[a-z]+", _plain(question))
    return tuple(dict.fromkeys(term for word in words for term in SYNONYMS.get(word, ())))


def figure_tokens(text: str) -> tuple[str, ...]:
    """The figures of `text` as single words, each once, sorted: sums, periods, percentages and tiers.

    "£1,000" is "gbp1000", "6 weeks", "six-week" and "5 to 6 weeks" have "6weeks", "8%" is "8percent", "second tier" and
    "tier 2" are "tier2". "15 working days" is both "15workingdays" and "15days".
    """
    return tuple(sorted({*_pounds(text), *_periods(text), *_percentages(text), *_tiers(text)}))


def _pounds(text: str) -> Iterator[str]:
    for match in _POUNDS.finditer(text):
        scale = (match["scale"] or match["scale_after"] or "").lower()
        if amount := _plain_number(match["before"] or match["after"], times=_SCALES[scale]):
            yield f"gbp{amount}"


def _periods(text: str) -> Iterator[str]:
    for match in _PERIOD.finditer(text):
        for written in (match["low"], match["high"]):
            if written:
                number = _NUMBER_WORDS.get(written.lower()) or int(written)
                unit = f"{match['unit'].lower()}s"
                yield f"{number}{unit}"
                if match["working"]:
                    yield f"{number}working{unit}"


def _percentages(text: str) -> Iterator[str]:
    for match in _PERCENT.finditer(text):
        if number := _plain_number(match[1], times=1):
            yield f"{number}percent"


def _tiers(text: str) -> Iterator[str]:
    for pattern in (_TIER_BEFORE, _TIER_AFTER):
        for match in pattern.finditer(text):
            yield f"tier{_TIERS[match[1].lower()]}"


def _plain_number(written: str, *, times: int) -> str:
    """Digits without thousands' commas or closing noughts of a fraction; the point becomes "p": 7.25 -> 7p25."""
    try:
        value = (Decimal(written.replace(",", "")) * times).normalize()
    except InvalidOperation:
        return ""
    return f"{value:f}".replace(".", "p")


def _plain(text: str) -> str:
    lowered = text.lower().replace("’", "'").replace("‘", "'")
    return re.sub(r"\s+", " ", re.sub(r"(?<=\w)-(?=\w)", " ", lowered))


def _any_of(words: list[str]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w&])(?:{'|'.join(re.escape(word) for word in longest_first)})(?![\w&])")


_LONG_FORMS: Final = {
    _plain(long_form): abbreviation for abbreviation, forms in reversed(ABBREVIATIONS.items()) for long_form in forms
}
_LONG: Final = _any_of(list(_LONG_FORMS))
_SHORT: Final = _any_of([*_SPELLINGS, *(word for word in ABBREVIATIONS if word != "chart")])
# National Insurance, written out, is what both "NI" and "NIC" mean.
_ALSO: Final[dict[str, frozenset[str]]] = {"ni": frozenset({"nic"}), "nic": frozenset({"ni"})}
