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

from lightpoint.language import reference_patterns as shapes
from lightpoint.language.dates import find_partial_dates
from lightpoint.language.money import find_amounts
from lightpoint.language.places import TakenPlaces

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


_PHONE_BEFORE = re.compile(r"(?:phone|tel|telephone|fax|mobile|call us on|ring)[\w ]{0,10}[:.]?\s*$", re.IGNORECASE)


def find_references(text: str, *, context: ReferenceContext | None = None) -> list[ReferenceMention]:
    """Return the references in `text`, in order.

    `context` says what kind of document this is, where known: in a complaint reply "Our ref" is a complaint_ref, in a
    debt collector's letter an agency_ref, in the agent's own letter an our_ref (and "Your ref" HMRC's).
    """
    taken = TakenPlaces()
    chosen = [mention for mention in _candidates(text) if taken.claim(mention.start, mention.end)]
    chosen.sort(key=lambda mention: mention.start)
    return [_in_context(mention, context) for mention in chosen]


def _candidates(text: str) -> Iterator[ReferenceMention]:
    """Yield the surest readings first: labelled numbers with a shape, then shapes, then values after a label."""
    for rule in _RULES:
        for match in rule.pattern.finditer(text):
            mention = _read(rule, match)
            if mention:
                yield mention
                if mention.kind == "invoice_no":
                    yield from _more_invoices(text, mention)
    yield from _below_header(text)


def _read(rule: _Rule, match: re.Match[str]) -> ReferenceMention | None:
    start, end = match.span("value")
    if rule.read is _read_loose:
        end = _before_any_date(match.string, start, end)
    written = match.string[start:end]
    answer = rule.read(written)
    if answer is None or _PHONE_BEFORE.search(match.string, max(0, start - 30), start):
        return None
    label = match.groupdict().get("label") or ""
    return ReferenceMention(rule.kind, answer[0], start, end, written, answer[1], " ".join(label.split()))


def _before_any_date(text: str, start: int, end: int) -> int:
    """Cut "CFS-21 12 March 2024" before its date: a value after a label ends where a date begins."""
    for day in find_partial_dates(text[start : end + 20]):
        if 0 < day.start < end - start:
            return start + len(text[start : start + day.start].rstrip())
    return end


def _labelled(kind: ReferenceKind, label: str, value: str, read: Callable[[str], tuple[str, bool] | None]) -> _Rule:
    pattern = rf"(?<![A-Za-z])(?P<label>{label}){shapes.SEPARATOR}(?P<value>(?-i:{value}))(?![A-Za-z0-9]|/[A-Za-z0-9])"
    return _Rule(kind, re.compile(pattern, re.IGNORECASE), read)


def _shaped(kind: ReferenceKind, value: str, read: Callable[[str], tuple[str, bool] | None]) -> _Rule:
    return _Rule(kind, re.compile(rf"(?<![\w/\-.£@])(?P<value>{value})(?![\w/@]|[.\-]\w)"), read)


def _bare(value: str) -> str:
    return re.sub(r"[\s.\-]", "", value).upper()


_MISREAD = str.maketrans("OIl", "011")  # letters that OCR reads for digits


def _read_utr(value: str) -> tuple[str, bool]:
    digits = re.sub(r"[\s.\-]", "", value).translate(_MISREAD).strip("K")
    return digits, gb_utr.is_valid(digits)


def _read_valid_utr(value: str) -> tuple[str, bool] | None:
    digits, valid = _read_utr(value)
    return (digits, True) if valid else None


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


_NO_REFERENCE = re.compile(
    r"(?:19|20)\d\d(?:-\d\d)?|\d{1,2}(?:st|nd|rd|th)|\d+(?:am|pm|k|m)|\d+\.\d{1,2}|"
    r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|"  # a postcode
    r"(?:CRG|CHG|ARTG|CCG|SAM|EIM)\d{3,6}|"  # a section of a manual
    r"(?:SA|CT|VAT|IHT|SDLT|P|R|CWF|CH|CIS|TC)\d{1,3}[A-Z]?|64-8"  # a form
)


def _read_loose(value: str) -> tuple[str, bool] | None:
    """What follows "Ref" may be a word, a day or a sum: keep only what reads as a reference."""
    written = " ".join(value.split()).rstrip(".,;:/-")
    if len(written) < 4 or not re.search(r"[0-9/]", written):
        return None
    dated = any(
        day.start == 0 and written[day.end : day.end + 1] in {"", " ", ","} for day in find_partial_dates(written)
    )
    if dated or (find_amounts(written) and not re.search(r"[A-Za-z]{2}", written)) or _TIMED.fullmatch(written):
        return None
    if _NO_REFERENCE.fullmatch(written):
        return None
    return written, False


_TIMED = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}[T ,]*\d{1,2}[.:]\d{2}(?:[.:]\d{2})?")


def _read_invoice(value: str) -> tuple[str, bool] | None:
    written = value.strip().rstrip(".,;:/-")
    if find_partial_dates(written) or re.fullmatch(r"\d+\.\d\d|\d{1,2}(?:st|nd|rd|th)?", written):
        return None
    return (written, False) if len(written) >= 2 else None


_RULES: tuple[_Rule, ...] = (
    _labelled("utr", shapes.UTR_LABEL, shapes.UTR, _read_utr),
    _labelled("nino", shapes.NINO_LABEL, shapes.NINO_LABELLED, _read_upper),
    _labelled("vrn", shapes.VAT_LABEL, shapes.VRN, _read_vrn),
    _labelled("eori", shapes.EORI_LABEL, shapes.EORI, _read_eori),
    _labelled("paye_ref", shapes.PAYE_LABEL, shapes.PAYE, _read_upper),
    _labelled("company_number", shapes.COMPANY_LABEL, shapes.COMPANY, _read_upper),
    _labelled("agent_code", shapes.AGENT_LABEL, r"[A-Z0-9]{5,12}", _read_code),
    _shaped("cgt_return", shapes.CGT, _read_plain),
    _shaped("sdlt_return", shapes.UTRN, _read_plain),
    _shaped("tribunal_ref", shapes.TRIBUNAL, _read_plain),
    _shaped("tracking_no", shapes.S10, _read_tracking),
    _shaped("eori", shapes.EORI, _read_eori),
    _shaped("vrn", r"GB ?[0-9]{3} ?[0-9]{4} ?[0-9]{2}", _read_vrn),
    _shaped("nino", shapes.NINO, _read_upper),
    _shaped("agent_code", r"[A-Z]ARN[0-9]{7}", _read_plain),
    _shaped("utr", r"[0-9]{10}K|[0-9]{5} ?[0-9]{5}", _read_valid_utr),
    _labelled("invoice_no", shapes.INVOICE_LABEL, shapes.INVOICE, _read_invoice),
    _labelled("complaint_ref", shapes.COMPLAINT_LABEL, shapes.LOOSE, _read_loose),
    _labelled("call_ref", shapes.CALL_LABEL, shapes.LOOSE, _read_loose),
    _labelled("penalty_ref", shapes.PENALTY_LABEL, shapes.LOOSE, _read_loose),
    _labelled("payment_ref", shapes.PAYMENT_LABEL, shapes.LOOSE, _read_loose),
    _labelled("agency_ref", shapes.AGENCY_LABEL, shapes.LOOSE, _read_loose),
    _labelled("policy_no", shapes.POLICY_LABEL, shapes.LOOSE, _read_loose),
    _labelled("tribunal_ref", shapes.TRIBUNAL_LABEL, shapes.LOOSE, _read_loose),
    _labelled("cgt_return", shapes.CGT_LABEL, shapes.LOOSE, _read_loose),
    _labelled("sdlt_return", shapes.SDLT_LABEL, shapes.LOOSE, _read_loose),
    _labelled("tracking_no", shapes.TRACKING_LABEL, shapes.LOOSE, _read_loose),
    _shaped("payment_ref", shapes.PAYMENT, _read_plain),
    _shaped("company_number", r"(?:SC|OC|SO|NI)[0-9]{6}", _read_plain),
    _shaped("paye_ref", r"[0-9]{3}/[A-Z]{1,2}[0-9]{1,6}[A-Z]?", _read_plain),
    _shaped("vrn", r"[0-9]{3} [0-9]{4} [0-9]{2}", _read_valid_vrn),
    _labelled("vrn", r"ref(?:erence)?\b\.?", shapes.VRN, _read_valid_vrn),
    _shaped("invoice_no", r"INV[/\-]?[0-9]{2,}(?:[/\-][A-Z0-9]+)*", _read_plain),
    _labelled("our_ref", shapes.YOUR_LABEL, shapes.LOOSE, _read_loose),
    _labelled("hmrc_ref", shapes.HMRC_LABEL, shapes.LOOSE, _read_loose),
    _labelled("hmrc_ref", shapes.MATTER_LABEL, shapes.SLASHED, _read_loose),
)
_MORE_INVOICES = re.compile(
    r"(?:,\s*(?:and\s+)?|\s+(?:and|&)\s+)(?P<value>[A-Z]{0,6}[/\-]?[0-9]{2,}(?:[/\-][0-9]+)*)(?![\w/.,:]*[0-9])"
)
_HEADER = re.compile(
    rf"^[ \t]*(?P<header>{shapes.HEADER_WORDS}(?:[ \t|]+{shapes.HEADER_WORDS})+)[ \t|:]*\r?\n(?P<row>[^\n]+)",
    re.IGNORECASE | re.MULTILINE,
)
_HEADER_REF = re.compile(r"(?:(our|your|hmrc|case|complaint|call|penalty)\s+)?ref(?:erence)?\b", re.IGNORECASE)
_HEADER_KINDS: dict[str, ReferenceKind] = {
    "your": "our_ref",
    "complaint": "complaint_ref",
    "call": "call_ref",
    "penalty": "penalty_ref",
}


def _more_invoices(text: str, first: ReferenceMention) -> Iterator[ReferenceMention]:
    """Read the rest of "invoices 1201, 1202 and 1203"."""
    end = first.end
    while first.label.lower().endswith("s") and (match := _MORE_INVOICES.match(text, end)):
        start, end = match.span("value")
        yield ReferenceMention("invoice_no", match["value"], start, end, match["value"], label=first.label)


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
