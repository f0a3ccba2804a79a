"""References in UK tax papers, told apart by check digits, by shape and by the label before them. Pure.

Shapes and check digits: UTR and VAT numbers by python-stdnum (stdnum.gb); tracked post by the S10 standard of the
Universal Postal Union; UTRN, EORI, PAYE and CGT references by their published formats on GOV.UK.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from stdnum.gb import utr as gb_utr
from stdnum.gb import vat as gb_vat

from lightpoint.language.dates import find_partial_dates
from lightpoint.language.money import find_amounts

ReferenceKind = Literal[
    "utr", "nino", "vrn", "paye_ref", "company_number", "agent_code", "hmrc_ref", "complaint_ref", "call_ref",
    "penalty_ref", "payment_ref", "tracking_no", "invoice_no", "agency_ref", "cgt_return", "sdlt_return", "eori",
    "policy_no", "tribunal_ref", "our_ref",
]  # fmt: skip
ReferenceContext = Literal["complaint", "agency", "hmrc_letter", "agent_letter", "insurance"]


@dataclass(frozen=True, slots=True)
class ReferenceMention:
    """A reference where it stands: `text == source[start:end]`, verbatim.

    `value` has no spaces for utr, nino, vrn, eori and tracking_no and is as written otherwise. `checked` where a check
    digit exists and holds. `label` is the words before it that told its kind, or "".
    """

    kind: ReferenceKind
    value: str
    start: int
    end: int
    text: str
    checked: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Rule:
    """`pattern` has the groups `value` and, where a label is needed, `label`."""

    kind: ReferenceKind
    pattern: re.Pattern[str]
    read: Callable[[str], tuple[str, bool] | None]


_NO = r"(?:\s*(?:number|num|nos?|ref(?:erence)?|id|code)\b\.?)?"
_SEP = r"(?:[ \t]*(?:is|are|was|given|as)\b)?[ \t]*(?:[:#=.\-–(|]+\)?[ \t]*)?(?:\r?\n[ \t]*)?[ \t]*[\"'“‘]?"
_TOKEN = r"(?=[A-Za-z0-9./\-]*[0-9])[A-Za-z0-9]+(?:[/\-.](?=[A-Za-z0-9])[A-Za-z0-9]+)*"
_UPPER = r"(?=[A-Z0-9/\-]*[0-9])[A-Z0-9]+(?:[/\-][A-Z0-9]+)*"
_SPACED = rf"{_TOKEN}(?:[ \t]{_UPPER}(?![\w/]))*|[A-Z]{{2,}}(?:/[A-Z]{{2,}})*(?:[/\-][A-Z0-9]+)*(?:[ \t]{_UPPER})+|[A-Z]{{1,5}}(?:/[A-Z0-9]+)+"
_PHONE_BEFORE = re.compile(r"(?:phone|tel|telephone|fax|mobile|call us on|ring)[\w ]{0,10}[:.]?\s*$", re.IGNORECASE)


def find_references(text: str, *, context: ReferenceContext | None = None) -> list[ReferenceMention]:
    """Return the references in `text`, in order.

    `context` says what kind of document this is, where known: in a complaint reply "Our ref" is a complaint_ref, in a
    debt collector's letter an agency_ref, in the agent's own letter an our_ref (and "Your ref" HMRC's).
    """
    chosen: list[ReferenceMention] = []
    for mention in _candidates(text):
        if not any(mention.start < other.end and other.start < mention.end for other in chosen):
            chosen.append(mention)
    chosen.sort(key=lambda mention: mention.start)
    return [_in_context(mention, context) for mention in chosen]


def _candidates(text: str) -> Iterator[ReferenceMention]:
    """Yield the surest readings first: labelled numbers with a shape, then shapes, then values after a label."""
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            mention = _read(rule, match)
            if mention:
                yield mention
    yield from _below_header(text)


def _read(rule: _Rule, match: re.Match[str]) -> ReferenceMention | None:
    answer = rule.read(match["value"])
    if answer is None or _PHONE_BEFORE.search(match.string[max(0, match.start("value") - 30) : match.start("value")]):
        return None
    label = match.groupdict().get("label") or ""
    start, end = match.span("value")
    return ReferenceMention(rule.kind, answer[0], start, end, match["value"], answer[1], " ".join(label.split()))


def _labelled(kind: ReferenceKind, label: str, value: str, read: Callable[[str], tuple[str, bool] | None]) -> _Rule:
    pattern = rf"(?<![A-Za-z])(?P<label>{label}){_SEP}(?P<value>(?-i:{value}))(?![A-Za-z0-9]|/[A-Za-z0-9])"
    return _Rule(kind, re.compile(pattern, re.IGNORECASE), read)


def _shaped(kind: ReferenceKind, value: str, read: Callable[[str], tuple[str, bool] | None]) -> _Rule:
    return _Rule(kind, re.compile(rf"(?<![\w/\-.£@])(?P<value>{value})(?![\w/@]|[.\-]\w)"), read)


def _bare(value: str) -> str:
    return re.sub(r"[\s.\-]", "", value).upper()


def _read_utr(value: str) -> tuple[str, bool]:
    digits = _bare(value).strip("K")
    return digits, gb_utr.is_valid(digits)


def _read_valid_utr(value: str) -> tuple[str, bool] | None:
    digits, valid = _read_utr(value)
    return (digits, True) if valid else None


def _read_nino(value: str) -> tuple[str, bool]:
    return _bare(value), False


def _read_vrn(value: str) -> tuple[str, bool]:
    digits = _bare(value).removeprefix("GB").removeprefix("XI")
    return digits, gb_vat.is_valid(digits[:9])


def _read_valid_vrn(value: str) -> tuple[str, bool] | None:
    digits, valid = _read_vrn(value)
    return (digits, True) if valid else None


def _read_eori(value: str) -> tuple[str, bool]:
    code = _bare(value)
    return code, gb_vat.is_valid(code[2:11])


def _read_tracking(value: str) -> tuple[str, bool]:
    """Check digit of UPU S10: weights 8 6 4 2 3 5 9 7, eleven less the remainder, 10 as 0 and 11 as 5."""
    code = _bare(value)
    digits = [int(digit) for digit in code[2:11]]
    rest = 11 - sum(n * weight for n, weight in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7), strict=False)) % 11
    return code, {10: 0, 11: 5}.get(rest, rest) == digits[8]


def _read_plain(value: str) -> tuple[str, bool]:
    return " ".join(value.split()), False


def _read_upper(value: str) -> tuple[str, bool]:
    return _bare(value), False


def _read_code(value: str) -> tuple[str, bool] | None:
    """An agent code is five characters or more with a digit, and no tax code ("1257L", "693L", "K475", "S1257L")."""
    code = value.strip()
    digits = sum(char.isdigit() for char in code)
    tax_code = re.fullmatch(r"[SC]?(?:\d{1,5}[LMNT]|K\d{1,4}|BR|D[0-8]|0T|NT)(?:M1|W1|X)?", code)
    return None if digits < 2 or len(code) < 5 or tax_code else (code, False)


def _read_loose(value: str) -> tuple[str, bool] | None:
    """What follows "Ref" may be a word, a day or a sum: keep only what reads as a reference."""
    written = " ".join(value.split()).rstrip(".,;:/-")
    if len(written) < 4 or not re.search(r"[0-9/]", written):
        return None
    if find_partial_dates(written) or find_amounts(written):
        return None
    if re.fullmatch(
        r"(?:19|20)\d\d(?:-\d\d)?|\d{1,2}(?:st|nd|rd|th)|\d+(?:am|pm|k|m)|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}", written
    ):
        return None
    return written, False


def _read_invoice(value: str) -> tuple[str, bool] | None:
    written = value.strip().rstrip(".,;:/-")
    if find_partial_dates(written) or re.fullmatch(r"\d+\.\d\d|\d{1,2}(?:st|nd|rd|th)?", written):
        return None
    return (written, False) if len(written) >= 2 else None


_UTR_DIGITS = r"[0-9]{5}[ \-.]?[0-9]{5}K?|[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{4}K?|[0-9]{4}[ ][0-9]{3}[ ][0-9]{3}K?|[0-9]{2}(?: [0-9]{2}){4}"
_NINO_SHAPE = r"[A-Za-z]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[A-Da-d]"
_VRN_DIGITS = r"(?:(?:GB|XI)[ ]?)?(?:[0-9]{3}[ ]?[0-9]{4}[ ]?[0-9]{2}|[0-9]{3}[ ][0-9]{3}[ ][0-9]{3})(?:[ ]?[0-9]{3})?"
_S10 = r"[A-Z]{2}[ ]?(?:[0-9][ ]?){8}[0-9][ ]?GB"
_VAT_LABEL = (
    r"(?:vat\s*(?:reg(?:istration|istered|n|'n)?\b\.?)?\s*(?:number|no|num|ref(?:erence)?)?\b\.?|v\.?r\.?n\.?|"
    r"vat\s+registration)"
)
_UTR_LABEL = (
    r"(?:(?:sa|ct|trust|partnership|company|corporation tax|self[ -]assessment)?\s*(?:unique\s+)?"
    r"(?:tax\s*payer'?s?|tax|sa|ct|self[ -]assessment)\s+ref(?:erence)?(?:\s*(?:number|no\.?))?(?:\s*\(utr\))?|"
    r"u\.?t\.?r\.?(?:\s*(?:number|no\.?))?|reference\s*\(utr\))"
)
_PAYE_LABEL = r"(?:(?:employer'?s?(?:'s)?\s+)?(?:paye|ern|employer)\s*(?:scheme\s*)?(?:ref(?:erence)?|number|no)?(?:\s*(?:number|no))?\b\.?)"
_COMPANY_LABEL = (
    r"(?:(?:company|co\b\.?|llp|partnership)\s*(?:reg(?:istration|istered|d|n)?\b\.?)?\s*(?:number|no|num)\b\.?|crn|"
    r"registered\s+(?:number|no)\b\.?|registered\s+in\s+(?:england(?:\s+(?:and|&)\s+wales)?|scotland|wales|northern\s+ireland)"
    r"(?:,?\s*(?:with|under)?\s*(?:company\s+)?(?:number|no)\b\.?)?)"
)
_AGENT_LABEL = (
    r"(?:(?:our\s+)?(?:tax\s+)?agent(?:'s)?\s+(?:code|ref(?:erence)?(?:\s+(?:number|no))?|id(?:entifier)?|number|no)\b\.?|"
    r"submitted\s+by\s+agent|filed\s+by\s+agent|arn|agent\s+reference\s+number|"
    r"(?:64-?8|authority|authorisation|authorised)[^.\n]{0,50}?\bcode)"
)
_REF = r"ref(?:erence)?s?\b\.?(?:\s*(?:number|num|nos?)\b\.?)?"
_NAMED_REFS: tuple[tuple[ReferenceKind, str], ...] = (
    ("complaint_ref", rf"(?:complaints?\s*(?:case\s*)?(?:{_REF}|number|no\.?|id)|(?:second|first|tier\s*[12])[\s-]*(?:tier\s+)?review|"
                      r"complaint)"),
    ("call_ref", rf"(?:(?:phone\s+)?(?:call|helpline|webchat|chat)\s*(?:{_REF}|id|number|no\.?)(?:\s+given)?)"),
    ("penalty_ref", rf"(?:penalty\s*(?:notice\s*|charge\s*)?(?:{_REF}|number|no\.?))"),
    ("payment_ref", rf"(?:(?:payment|charge|giro|accounts?\s+office|paye\s+accounts?\s+office)\s*{_REF})"),
    ("agency_ref", rf"(?:(?:(?:debt\s+)?(?:collection\s+)?agency|collections?|dca|debt)\s*(?:{_REF}|account\s*(?:number|no\.?)))"),
    ("policy_no", rf"(?:(?:fee\s+protection\s+|insurance\s+)?policy\s*(?:{_REF}|number|num|no)\b\.?)"),
    ("tribunal_ref", rf"(?:(?:tribunal|ftt|first-tier tribunal)\s*(?:appeal\s*|case\s*)?(?:{_REF}|number|no\.?))"),
    ("cgt_return", rf"(?:(?:cgt|capital\s+gains(?:\s+tax)?)\s*(?:on\s+uk\s+property\s*)?(?:(?:account|return|submission|property)\s*){{0,2}}"
                   rf"(?:{_REF}|number|no\.?))"),
    ("sdlt_return", rf"(?:utrn|(?:sdlt|stamp\s+duty(?:\s+land\s+tax)?)\s*(?:return\s*|transaction\s*|certificate\s*)?(?:{_REF}|number|no\.?)"
                    r"(?:\s*\(utrn\))?|unique\s+transaction\s+reference(?:\s+number)?)"),
    ("tracking_no", rf"(?:(?:tracking|royal\s+mail|consignment|item)\s*(?:{_REF}|number|no\.?|id)|special\s+delivery\s*(?:{_REF}|number|no\.?))"),
)  # fmt: skip
_HMRC_LABEL = (
    rf"(?:(?:our|hmrc|hmrc's|case|letter|submission|receipt|file|decision|appeal|review|claim|customs|enquiry|check|caseflow)\s*{_REF}|"
    rf"quot(?:e|ing)(?:\s+(?:our\s+)?(?:{_REF}|number))?|(?:under|with)\s+{_REF}|\bref\b\.?(?:\s*(?:number|no)\b\.?)?|\breference\b(?:\s+(?:number|no)\b\.?)?)"
)
_YOUR_LABEL = rf"(?:(?:your|agent'?s?|client)\s*{_REF})"
_INVOICE_LABEL = r"(?:(?:vat\s+|sales\s+|tax\s+|our\s+|paid\s+)?(?:invoice|inv|fee\s+note|bill|credit\s+note|receipt)s?(?:\s*(?:number|no|num|ref(?:erence)?)\b\.?|\s*#|\b\.?))"

_RULES: tuple[_Rule, ...] = (
    _labelled("utr", _UTR_LABEL, _UTR_DIGITS, _read_utr),
    _labelled("nino", r"(?:ni(?:no)?|n\.i\.|national\s+insurance|nat(?:ional)?\.?\s+ins\.?)" + _NO, _NINO_SHAPE + r"|[A-Z]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}[ ]?[0-9]{2}|[0-9]{2}[A-Z][0-9]{5}", _read_nino),
    _labelled("vrn", _VAT_LABEL, _VRN_DIGITS, _read_vrn),
    _labelled("eori", r"eori" + _NO, r"(?:GB|XI)[ ]?[0-9]{12}(?:[0-9]{3})?", _read_eori),
    _labelled("paye_ref", _PAYE_LABEL, r"[0-9]{3}[ ]?/[ ]?[A-Za-z0-9]{1,10}", _read_upper),
    _labelled("company_number", _COMPANY_LABEL, r"[0-9]{7,8}|(?:SC|NI|OC|SO|NC|LP|SL|NL|R0|FC|BR|CE|IP|RS|SP)[ ]?[0-9]{5,6}", _read_upper),
    _labelled("agent_code", _AGENT_LABEL, r"[A-Z0-9]{5,12}", _read_code),
    _shaped("cgt_return", r"X[A-Z]{0,2}CGTP?[0-9]{6,12}", _read_plain),
    _shaped("sdlt_return", r"[0-9]{9}M[A-Z]", _read_plain),
    _shaped("tribunal_ref", r"(?:TC|UT|LON|MAN|EDN|BEL)/[0-9]{4}/[0-9]{3,6}(?:/?[A-Z]{1,4})?", _read_plain),
    _shaped("tracking_no", _S10, _read_tracking),
    _shaped("eori", r"(?:GB|XI)[0-9]{12}(?:[0-9]{3})?", _read_eori),
    _shaped("vrn", r"GB[ ]?[0-9]{3}[ ]?[0-9]{4}[ ]?[0-9]{2}", _read_vrn),
    _shaped("nino", _NINO_SHAPE.replace("a-d", "").replace("a-z", ""), _read_nino),
    _shaped("agent_code", r"[A-Z]ARN[0-9]{7}", _read_plain),
    _shaped("payment_ref", r"X[A-Z](?=[A-Z0-9]{12}(?![A-Z0-9]))[A-Z0-9]{0,3}[0-9]{9,12}[A-Z]?|[0-9]{3}P[A-Z][0-9]{7,8}[0-9X]", _read_plain),
    _shaped("utr", r"[0-9]{10}K|[0-9]{5} ?[0-9]{5}", _read_valid_utr),
    _labelled("invoice_no", _INVOICE_LABEL, r"[A-Z]{0,6}[/\-]?[0-9][A-Za-z0-9]*(?:[/\-][A-Za-z0-9]+)*", _read_invoice),
    *(_labelled(kind, label, _SPACED, _read_loose) for kind, label in _NAMED_REFS),
    _shaped("company_number", r"(?:SC|OC|SO|NI)[0-9]{6}", _read_plain),
    _shaped("paye_ref", r"[0-9]{3}/[A-Z]{1,2}[0-9]{1,6}[A-Z]?", _read_plain),
    _shaped("vrn", r"[0-9]{3} [0-9]{4} [0-9]{2}", _read_valid_vrn),
    _labelled("our_ref", _YOUR_LABEL, _SPACED, _read_loose),
    _labelled("hmrc_ref", _HMRC_LABEL, _SPACED, _read_loose),
)  # fmt: skip

_HEADER_WORDS = (
    r"(?:(?:our|your|hmrc|case|complaint|call|penalty)\s+)?(?:ref(?:erence)?(?:\s+(?:number|no))?|dates?(?:\s+of\s+(?:issue|notice))?|"
    r"phone|telephone|issued|tax year|subject|contact|name|amount|utr|nino)"
)
_HEADER = re.compile(
    rf"^[ \t]*(?P<header>{_HEADER_WORDS}(?:[ \t|]+{_HEADER_WORDS})+)[ \t|:]*\r?\n(?P<row>[^\n]+)", re.I | re.M
)
_HEADER_REF = re.compile(r"(?:(our|your|hmrc|case|complaint|call|penalty)\s+)?ref(?:erence)?\b", re.IGNORECASE)
_HEADER_KINDS: dict[str, ReferenceKind] = {
    "your": "our_ref", "complaint": "complaint_ref", "call": "call_ref", "penalty": "penalty_ref"
}  # fmt: skip


def _below_header(text: str) -> Iterator[ReferenceMention]:
    """Read a row of values below a row of labels: "Date Reference" and, in the next line, "12/06/2025 PTA-7714"."""
    for match in _HEADER.finditer(text):
        row, offset = match["row"], match.start("row")
        days = find_partial_dates(row)
        tokens = [
            token
            for token in re.finditer(r"[A-Za-z0-9][A-Za-z0-9/\-.]{3,}", row)
            if _read_loose(token[0]) and not any(token.start() < day.end and day.start < token.end() for day in days)
        ]
        for label, token in zip(_HEADER_REF.finditer(match["header"]), tokens, strict=False):
            kind = _HEADER_KINDS.get((label[1] or "").lower(), "hmrc_ref")
            span = offset + token.start(), offset + token.start() + len(token[0].rstrip(".-"))
            yield ReferenceMention(kind, text[slice(*span)], *span, text[slice(*span)], label=label[0])


def _in_context(mention: ReferenceMention, context: ReferenceContext | None) -> ReferenceMention:
    """Say what "Our ref" and "Your ref" mean in a document of this kind."""
    label = mention.label.lower()
    kind = mention.kind
    if context == "agent_letter" and re.match(r"(?:our|your)\b", label) and kind in ("hmrc_ref", "our_ref"):
        kind = "our_ref" if label.startswith("our") else "hmrc_ref"
    elif kind == "hmrc_ref" and context == "complaint":
        kind = "complaint_ref"
    elif kind == "hmrc_ref" and context == "agency":
        kind = "agency_ref"
    elif kind == "hmrc_ref" and context == "insurance":
        kind = "policy_no"
    if kind == mention.kind:
        return mention
    return ReferenceMention(
        kind, mention.value, mention.start, mention.end, mention.text, mention.checked, mention.label
    )
