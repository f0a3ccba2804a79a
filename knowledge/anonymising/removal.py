"""What identifies a person or a business, replaced by neutral words in brackets. Pure.

In doubt it is removed: a precedent that lost a harmless word is still of use, and one that names a client is a breach.
What carries the precedent stays: sums, periods, percentages, days of events, and the identifiers of public guidance.
"""

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from knowledge.anonymising import vocabulary
from knowledge.anonymising.vocabulary import SMALL, is_ordinary
from lightpoint.language.dates import find_dates, find_partial_dates
from lightpoint.language.money import find_amounts
from lightpoint.language.references import find_references

NAME, BUSINESS, ADDRESS, REFERENCE = "[name]", "[business]", "[address]", "[reference]"
PHONE, EMAIL, ACCOUNT, LINK, BIRTH = "[phone]", "[e-mail]", "[account]", "[link]", "[date of birth]"
TOKENS: Final = (NAME, BUSINESS, ADDRESS, REFERENCE, PHONE, EMAIL, ACCOUNT, LINK, BIRTH)
_TOKEN: Final = re.compile("|".join(map(re.escape, TOKENS)))
_INVISIBLE: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_UPPER: Final = "".join(char for char in map(chr, (*range(0x250), *range(0x1E00, 0x1F00))) if char.isupper())  # Latin
_CAP: Final = rf"(?:[{_UPPER}]\.(?=[ \t]?[{_UPPER}])|[{_UPPER}][\w'’\-]*)"
_CAPS: Final = rf"{_CAP}(?:[ \t]+(?:(?:de|la|van|von|der|den|bin|al|ap|o)[ \t]+)?{_CAP}){{0,4}}"

_AT: Final = r"(?:@|\s?[(\[{]\s?at\s?[)\]}]\s?)"
_DOT: Final = r"(?:\.|\s?[(\[{]\s?dot\s?[)\]}]\s?|\s+dot\s+)"
_LOCAL: Final = r"(?<![\w.+%'\-])[\w.+%'\-]+"  # never from within one, which would cost the square of its length
_EMAIL: Final = re.compile(
    rf"{_LOCAL}\s?{_AT}\s?[\w\-]+(?:{_DOT}[\w\-]+)+"
    rf"|{_LOCAL}\s+at\s+[\w\-]+(?:\s+dot\s+[\w.\-]*\w)+|(?<!\w)@\w{{2,}}",
    re.IGNORECASE,
)
_LINK: Final = re.compile(r"(?:https?://|www\.)[^\s<>()\]]+", re.IGNORECASE)
_PUBLIC_LINK: Final = re.compile(
    r"(?:https?://)?(?:www\.)?(?:[a-z\-]+\.)*(?:gov\.uk|parliament\.uk)(?:/[\w\-/.#]*)?", re.I
)
_ENDLESS: Final = re.compile(r"[^\s\[\]]{100,}")
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]{4}){2,7}(?:[ \-]?[A-Z0-9]{1,3})?\b", re.IGNORECASE)
_SORT_CODE: Final = re.compile(r"(?<!\d)\d{2}[\-–. ]\d{2}[\-–. ]\d{2}(?!\d)")
_ACCOUNT: Final = re.compile(
    r"\b(?P<label>(?:account|a/c|acc|sort\s*code|card|roll)\.?(?:\s*(?:no|number|num)\b\.?)?[\s:#]*)"
    r"(?P<value>\d[\d \-]{3,22}\d)",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(r"(?<![\w£.,])(?:\+|00)?(?:44[ \-.]?)?\(?0?\)?\d(?:[ \-.()]{0,2}\d){8,12}(?![\d,])")
_PHONE_LABEL: Final = re.compile(
    r"\b(?P<label>(?:tel(?:ephone)?|phone|mobile|mob|fax|whatsapp|ext(?:ension)?)\b\.?(?:\s*(?:no|number)\b\.?)?[\s:]*)"
    r"(?P<value>[+(]?\d[\d ()\-.]{2,20}\d)",
    re.IGNORECASE,
)
_GAP: Final = r"(?:[ .\-/]|[ \t]*\n[ \t]*)?"  # also the end of a line
_NINO: Final = re.compile(
    rf"\b(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{2}}(?:[ .\-/]?[A-D])?"
    rf"|(?i:[a-z]{{2}}{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}\d{{2}}{_GAP}[a-d]))\b"
)
_SPLIT_UTR: Final = re.compile(r"(?<![\d£.,])\d{5}[ \t]*\n[ \t]*\d{5}(?!\d|[.,]\d)")
_PAYE: Final = re.compile(r"(?<![\d/£.,])\d{3}\s?/\s?(?=[A-Z0-9]*[A-Z])[A-Z0-9]{1,10}\b", re.IGNORECASE)
_PLATE: Final = re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b")
_DIGITS: Final = re.compile(r"(?<![\d£.,])\d(?:[ .\-/_]?\d){5,}(?!\d|[.,]\d)")
_CODE: Final = re.compile(r"(?<![\w/\-£])(?=[\w/\-]*\d{3})(?=[\w/\-]*[A-Za-z])[\w/\-]{5,}(?![\w/\-])")
_PUBLIC_CODE: Final = re.compile(
    r"(?:CRG|ARTG|CH|DMBM|EM|SAM|PAYE|NIM|EIM|BIM|CG|IHTM|VATREG|VCP|ADML|COG|TCM|CTM|IPT|INTM|OMB|PTM)\d{3,6}[A-Z]?"
    r"|(?:SA|CT|VAT|CWF|IHT|NT|R|P|C|CF|CC/FS|FS)[0-9]{1,4}[A-Z]{0,2}|\d{4}[/\-]\d{2,4}|\d+(?:st|nd|rd|th)|\d+k?m?",
)
_TAX_YEAR: Final = re.compile(r"(?:19|20)\d\d[\-/](?:\d\d|(?:19|20)\d\d)")
_BIRTH: Final = re.compile(
    r"\b(?:born(?: on)?|d\.?o\.?b\.?|date of birth|birth ?date)\b[\s:]*(?:is|was)?\s*", re.IGNORECASE
)
_POSTCODE: Final = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?[ \t]*\d[A-Z]{2}\b", re.IGNORECASE)
_STREETS: Final = (
    r"street|st|road|rd|avenue|ave|lane|ln|close|drive|crescent|terrace|place|court|square|gardens|grove|way|mews|hill"
    r"|park|row|walk|parade|quay|wharf|green|rise|view|yard|cottages?|house|farm|lodge|villas?|mansions|barn"
)
_STREET: Final = re.compile(
    rf"(?<![£\d.,])\b(?:(?:flat|unit|apartment|apt|suite|floor|room)\s+\w+,?\s+)?(?:\d+[A-Za-z]?(?:\s?[\-–/]\s?\d+[A-Za-z]?)?,?\s+"
    rf"(?:[A-Za-z][\w'’\-]*\s+){{1,4}}?(?i:{_STREETS})\b\.?|(?:[A-Z][\w'’\-]*[ \t]+){{1,3}}(?:Cottages?|Farm|Lodge|"
    rf"Villas?|Mansions|Barn|House|Street|Road|Avenue|Lane|Close|Drive|Crescent|Terrace)\b)(?:,[ \t]*{_CAPS})*"
)
_PO_BOX: Final = re.compile(r"\bP\.?\s?O\.?\s?Box\s+\w+(?:,[ \t]*[A-Z][\w'\-]*)*", re.IGNORECASE)
_BEFORE_POSTCODE: Final = re.compile(r"(?:\b\d+[A-Za-z]?[ ,]+[^\n.;:]{0,90}|(?:[A-Z][\w'’\-]*[ ,]+){1,8})$")
_BUSINESS: Final = re.compile(
    rf"(?:{_CAP}[ \t]+(?:(?:&|and|of|the)[ \t]+)?){{1,6}}(?:Ltd|LTD|Limited|LIMITED|LLP|PLC|Plc|plc|Inc|CIC|Co|Company|"
    r"Partners|Partnership|Sons|Brothers|Bros|Associates|Accountants|Accountancy|Solicitors|Holdings|Consulting|Trust)\b\.?"
)
_SMALL_BUSINESS: Final = re.compile(r"\b(?:[\w&'’\-]+[ \t]+){1,3}?(?:ltd|limited|llp|plc)\b", re.IGNORECASE)
_TRADING: Final = re.compile(
    rf"\b(?P<label>(?:t/a|trading as|formerly|aka|a\.k\.a\.)\s+)(?P<value>{_CAPS})", re.IGNORECASE
)
_TITLED: Final = re.compile(
    r"\b(?P<label>(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Rev|Reverend|Messrs|Captain|Cllr)\b\.?"
    r"(?:[ \t]*(?:and|&)[ \t]*(?:Mr|Mrs|Ms|Dr)\b\.?)?[ \t]+)"
    rf"(?P<value>(?-i:{_CAPS})|[^\W\d_][\w'’\-]+)",
    re.IGNORECASE,
)
_LABELLED: Final = re.compile(
    r"(?im)^(?P<label>[ \t>*\-|]*(?:(?:full |client(?:'s)? |customer |taxpayer )?name|client|taxpayer|customer|"
    r"complainant|claimant|appellant|agent|signed|signature|from|to|attn|attention|contact|case ?worker|officer|"
    r"director|partner|prepared by|written by|c/o|cc|bcc|spouse|employer|employee|address)"
    r"(?: of [a-z ]+)?[ \t]*[:=|][ \t]*)"
    r"(?P<value>[^\n\[]*[^\W\d_][^\n]*)"
)
_DEAR: Final = re.compile(
    r"(?im)\b(?P<label>(?:dear|hello|hi)[ \t]+)(?P<value>(?!sir\b|madam\b|sirs\b)[^\n,:]{1,60})(?=[,:\n]|$)"
)
_CLOSING: Final = re.compile(
    r"(?im)(?P<label>^[ \t]*(?:yours\s+(?:sincerely|faithfully|truly)|(?:kind|best|warm)(?:est)?\s+regards|regards|"
    r"best wishes|many thanks|signed)[ \t]*[,.]?[ \t]*\n+)(?P<value>(?:[^\n]{1,60}(?:\n+|$)){1,3})"
)
_INTRODUCED: Final = re.compile(
    r"\b(?P<label>(?:(?:our|my|the|his|her|their|your)[ \t]+(?:clients?|wife|husband|son|daughter|mother|father|sister|"
    r"brother|partner|director|colleague|accountant|bookkeeper|caseworker|manager|neighbour|friend|late)|called|named|"
    r"known as|on behalf of|spoke (?:to|with)|signed by|written by|acting for|acts for|met)[ ,]+)"
    rf"(?P<value>(?-i:{_CAPS}))",
    re.IGNORECASE,
)
_RUN: Final = re.compile(rf"(?:[{_UPPER}]\.[ \t]?)*{_CAPS}")
_ANY_WORD: Final = re.compile(r"[^\W\d_][\w'’\-]*")
_SENTENCE_START: Final = re.compile(r"(?:^|[.!?:;\n•*|>\-–\"“(\]]\s*|\d[.)]\s*)$")


@dataclass(frozen=True, slots=True)
class Anonymised:
    """`removed` counts the replacements by token."""

    text: str
    removed: Mapping[str, int]


def anonymise(text: str) -> Anonymised:
    """`text` with a neutral word in brackets in place of whatever may tell who it is about. Line breaks stay."""
    plain = normal(text)
    for step in _STEPS:
        plain = step(plain)
    counts = Counter(match[0] for match in _TOKEN.finditer(plain))
    return Anonymised(plain, dict(counts))


def normal(text: str) -> str:
    """`text` as the patterns read it: entities and ligatures written out, nothing invisible, one kind of apostrophe."""
    plain = html.unescape(html.unescape(text))
    return unicodedata.normalize("NFKC", plain).translate(_INVISIBLE).replace("’", "'").replace("\r\n", "\n")


def _without_links(text: str) -> str:
    return _LINK.sub(_link, _EMAIL.sub(EMAIL, text))


def _without_endless_words(text: str) -> str:
    """No word is so long. It may hide something, and would cost the patterns below the square of its length."""
    return _ENDLESS.sub(lambda hit: hit[0] if len(hit[0]) < 400 and _PUBLIC_LINK.search(hit[0]) else REFERENCE, text)


def _link(hit: re.Match[str]) -> str:
    address = hit[0].rstrip(".,;:!?'\"")
    return hit[0] if _PUBLIC_LINK.fullmatch(address) else LINK + hit[0][len(address) :]


def _without_births(text: str) -> str:
    """The day after "born" or "DOB": as a date, or as whatever figures stand there."""
    parts, last = [], 0
    for label in _BIRTH.finditer(text):
        rest = text[label.end() : label.end() + 40]
        day = next((day for day in find_partial_dates(rest) if day.start <= 3), None)
        end = day.end if day else len(re.match(r"[\d ./\-]*", rest)[0])  # type: ignore[index]  # it matches nothing too
        if end and label.start() >= last:
            parts += [text[last : label.end()], BIRTH]
            last = label.end() + end
    return "".join(parts) + text[last:]


def _without_accounts(text: str) -> str:
    text = _ACCOUNT.sub(rf"\g<label>{ACCOUNT}", _IBAN.sub(_unless_public(ACCOUNT), text))
    text = _PHONE_LABEL.sub(rf"\g<label>{PHONE}", text)
    return _PHONE.sub(PHONE, _SORT_CODE.sub(_unless_a_date(ACCOUNT), text))


def _without_references(text: str) -> str:
    spans = [(mention.start, mention.end) for mention in find_references(text)]
    for start, end in reversed(spans):
        if not _PUBLIC_CODE.fullmatch(text[start:end]):
            text = f"{text[:start]}{REFERENCE}{text[end:]}"
    text = _PLATE.sub(
        REFERENCE, _PAYE.sub(_unless_public(REFERENCE), _NINO.sub(REFERENCE, _SPLIT_UTR.sub(REFERENCE, text)))
    )
    text = _DIGITS.sub(_unless_a_date(REFERENCE), text)
    return _CODE.sub(_unless_public(REFERENCE), text)


def _unless_public(token: str) -> Callable[[re.Match[str]], str]:
    def replaced(hit: re.Match[str]) -> str:
        parts = hit[0].split("/") if "/" in hit[0] else [hit[0]]
        kept = _PUBLIC_CODE.fullmatch(hit[0]) or _TOKEN.search(hit[0]) or all(map(_PUBLIC_CODE.fullmatch, parts))
        return hit[0] if kept else token

    return replaced


def _unless_a_date(token: str) -> Callable[[re.Match[str]], str]:
    """A day, a tax year or a sum stays."""

    def replaced(hit: re.Match[str]) -> str:
        whole = hit.string[max(0, hit.start() - 3) : hit.end() + 12]
        stays = [*(day.text for day in find_dates(hit[0])), *(amount.text for amount in find_amounts(whole))]
        kept = any(hit[0] in text for text in stays) or _TAX_YEAR.fullmatch(hit[0])
        return hit[0] if kept else token

    return replaced


def _without_addresses(text: str) -> str:
    while place := _POSTCODE.search(text):
        start = _start_of_address(text, place.start())
        text = f"{text[:start]}{ADDRESS}{text[place.end() :]}"
    return _STREET.sub(ADDRESS, _PO_BOX.sub(ADDRESS, text))


def _start_of_address(text: str, postcode: int) -> int:
    """Where the address begins that ends with the postcode: in its line, and in short lines above it."""
    line = text.rfind("\n", 0, postcode) + 1
    before = _BEFORE_POSTCODE.search(text[line:postcode])
    start = line + before.start() if before else postcode
    lines_above = 0
    while start == line and line > 0 and lines_above < 5:
        above = text.rfind("\n", 0, line - 1) + 1
        words = text[above : line - 1].strip()
        if not words or len(words) > 45 or words[-1] in ".:;" or not (words[0].isupper() or words[0].isdigit()):
            break
        start, line, lines_above = above, above, lines_above + 1
    return start


def _without_businesses(text: str) -> str:
    text = _TRADING.sub(rf"\g<label>{BUSINESS}", _BUSINESS.sub(BUSINESS, text))
    return _SMALL_BUSINESS.sub(_business_or_words, text)


def _business_or_words(hit: re.Match[str]) -> str:
    """In "paid by acme widgets ltd": small words stay; "a limited" names nobody."""
    words = hit[0].split()[:-1]
    named = [word for word in words if word.casefold() not in SMALL and not _TOKEN.search(word)]
    if not named or (words[-1].casefold() in SMALL):
        return hit[0]
    return hit[0][: hit[0].index(named[0])] + BUSINESS


def _without_names(text: str) -> str:
    """First where something says that a name stands there; what is found so is a name everywhere."""
    found: set[str] = set()
    for pattern in (_LABELLED, _CLOSING, _DEAR, _TITLED, _INTRODUCED):
        text = pattern.sub(lambda hit: _named(hit, found), text)
    text = _RUN.sub(lambda hit: _run(hit, found), text)
    return _known_names(text, found)


def _named(hit: re.Match[str], found: set[str]) -> str:
    value = hit["value"]
    words = [word for word in _ANY_WORD.findall(_TOKEN.sub(" ", value)) if word.casefold() not in SMALL]
    if not words or all(word.casefold() in vocabulary.titles() for word in words):
        return hit[0]
    found.update(_name_words(words))
    ending = value[len(value.rstrip()) :]
    possessive = "'s" if value.rstrip().endswith("'s") else ""
    return f"{hit['label']}{NAME}{possessive}{ending}"


def _name_words(words: Iterable[str]) -> set[str]:
    plain = {re.sub(r"'s$", "", word.casefold()).strip(".'-") for word in words}
    return {word for word in plain if len(word) > 2 and not is_ordinary(word)}


def _run(hit: re.Match[str], found: set[str]) -> str:
    """A run of words with capitals: a name, unless all of it is public or it is one ordinary word."""
    if _TOKEN.search(hit.string[max(0, hit.start() - 1) : hit.end() + 1]):
        return hit[0]
    words = hit[0].split()
    at_start = bool(_SENTENCE_START.search(hit.string[max(0, hit.start() - 8) : hit.start()]))
    kept: list[str] = []
    while words and (_is_small(words[0]) or (at_start and not kept and len(words) == 1 and _is_word(words[0]))):
        kept.append(words.pop(0))
    if not words or all(_is_public(word) for word in words):
        return hit[0]
    if len(words) == 1 and (_is_word(words[0]) or len(words[0].strip(".'s")) < 2):
        return hit[0]
    found.update(_name_words(words))
    ending = "." if words[-1].endswith(".") else ""
    possessive = "'s" if words[-1].rstrip(".").endswith("'s") else ""
    return " ".join([*kept, f"{NAME}{possessive}{ending}"])


def _plain(word: str) -> str:
    return re.sub(r"'s?$", "", word.rstrip(".").casefold())


def _is_small(word: str) -> bool:
    return _plain(word) in SMALL


def _is_word(word: str) -> bool:
    return all(is_ordinary(part) for part in re.split(r"[\-']", _plain(word)) if part)


def _is_public(word: str) -> bool:
    """Part of the name of something public: "Self Assessment", "CRG5225", "Tier 2"."""
    plain = word.rstrip(".").removesuffix("'s")
    parts = [part for part in re.split(r"[\-']", plain.casefold()) if part]
    return bool(_PUBLIC_CODE.fullmatch(plain)) or all(part in vocabulary.titles() or part in SMALL for part in parts)


def _known_names(text: str, found: set[str]) -> str:
    """Names of the list and those that were found, wherever they stand and however they are written."""

    def replaced(hit: re.Match[str]) -> str:
        plain = _plain(hit[0])
        parts = {plain, plain.replace("'", ""), *re.split(r"[\-'_]", plain)}
        if not parts & (vocabulary.names() | found) and hit[0].isascii():
            return hit[0]
        if not hit[0].isascii() and not parts & (vocabulary.names() | found) and _is_latin(hit[0]):
            return hit[0]
        return NAME + ("'s" if hit[0].endswith("'s") else "")

    pieces = re.split(f"({_TOKEN.pattern})", text)
    whole = "".join(piece if _TOKEN.fullmatch(piece) else _ANY_WORD.sub(replaced, piece) for piece in pieces)
    return re.sub(rf"{re.escape(NAME)}(?:[ \t]+(?:and|&)?[ \t]*{re.escape(NAME)})+", NAME, whole)


def _is_latin(word: str) -> bool:
    """Whether no letter is of another script, as Cyrillic letters that look like Latin ones are."""
    return all("LATIN" in unicodedata.name(char, "") for char in word if char.isalpha())


_STEPS: Final = (
    _without_links,
    _without_endless_words,
    _without_births,
    _without_accounts,
    _without_references,
    _without_addresses,
    _without_businesses,
    _without_names,
)
