"""Where a letter goes. Pure.

First-tier complaints by post go to the address that GOV.UK's page "Make a complaint about HMRC" prints for the tax; the
page gives none for VAT, Corporation Tax and others, for which the office that has been writing is used, or HMRC's
online form for agents ("Complain about HMRC"). A second review goes to "the address provided during the first tier
review"; an appeal to the office that issued the decision.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from complaints.facts.records import DocumentKind, DocumentProfile, Facts
from knowledge.digest.records import GuidanceSection

Pages = Mapping[tuple[str, int | None], str]
HMRC = "HM Revenue and Customs"
ONLINE = "By HMRC's online complaints form for agents"

_KEYS: tuple[tuple[str, str], ...] = (
    (r"debt management|debt collection|field force", "debt management"),
    (r"compliance check|enquiry|investigation", "compliance check"),
    (r"national insurance|employer|p11d|rti|nic\b|class [1234]\b", "national insurance"),
    (r"self[ -]assessment|income tax|\bpaye\b|p800|\bsa\b|tax code|coding", "income tax"),
)
_NO_POSTAL = r"\bvat\b|corporation|customs|excise|duty|stamp|inheritance|tax credit|child benefit|student loan"
_OFFICE = re.compile(r"^\W*HM\s+Re[a-z]{2,5}e\s+(?:and|&)\s+Cust[a-z]{2,4}\W*$", re.IGNORECASE)
_POSTCODE = re.compile(r"^\W*([A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2})\W*$")
_NOT_A_TEAM = re.compile(
    r"\d|^\W*&|revenue|customs|^date|^our ref|^phone|^dear|^page|limited|llp|^[^a-z]+$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Address:
    """Lines of an addressee. `section` is the guidance page it stands on, `document` the letter it was taken from."""

    lines: tuple[str, ...]
    section: str = ""
    document: str = ""
    page: int | None = None
    quote: str = ""


def complaint_address(
    tax_head: str, facts: Facts, pages: Pages, guidance: Mapping[str, GuidanceSection], *, enquiry: bool = False
) -> Address:
    """Where a first complaint about `tax_head` goes."""
    key = "compliance check" if enquiry else tax_key(tax_head)
    printed = printed_address(guidance, key) if key else None
    if printed:
        return printed
    office = office_address(facts, pages, ("hmrc_letter", "hmrc_complaint_reply", "hmrc_notice"))
    if office:
        return Address(("Complaints", *office.lines), "", office.document, office.page, office.quote)
    return Address((f"{_short_tax(tax_head)} Complaints".strip(), HMRC, ONLINE), "complain-about-hmrc")


def tax_key(tax_head: str) -> str:
    """The heading of the postal addresses that a tax comes under; "" where the page has none for it."""
    low = tax_head.lower()
    if re.search(_NO_POSTAL, low) and not re.search(_KEYS[0][0], low):
        return ""
    return next((key for pattern, key in _KEYS if re.search(pattern, low)), "")


def printed_address(guidance: Mapping[str, GuidanceSection], key: str) -> Address | None:
    section = guidance.get("make-a-complaint")
    for entry in section.addresses if section else ():
        if any(key in tax or tax in key for tax in entry.taxes):
            lines = tuple(line for line in entry.lines if line != "United Kingdom")
            return Address(lines, "make-a-complaint")
    return None


def office_address(facts: Facts, pages: Pages, kinds: Iterable[DocumentKind], *, document: str = "") -> Address | None:
    """The office that HMRC's newest letter of those kinds came from, as its head prints it, or None."""
    wanted = tuple(kinds)
    letters = [p for p in facts.documents if p.document == document or (not document and p.kind in wanted)]
    for profile in sorted(letters, key=_newest_first):
        found = _head_address(profile.document, pages)
        if found:
            return found
    return None


def _newest_first(profile: DocumentProfile) -> tuple[int, str]:
    return (-profile.written_on.toordinal() if profile.written_on else 0, profile.document)


def _head_address(document: str, pages: Pages) -> Address | None:
    """The lines "team, HM Revenue and Customs, postcode" of a letter's head."""
    for (name, number), text in sorted(pages.items(), key=lambda item: (item[0][0], item[0][1] or 0)):
        if name != document:
            continue
        lines = [" ".join(line.split()) for line in text.splitlines()]
        for at, line in enumerate(lines[:-1]):
            code = _POSTCODE.match(lines[at + 1])
            if _OFFICE.match(line) and code:
                team = _team(lines[:at])
                return Address((*team, HMRC, code.group(1)), "", document, number, lines[at])
    return None


def _team(above: list[str]) -> tuple[str, ...]:
    """Up to two lines over "HM Revenue and Customs" that read like the name of a team."""
    found: list[str] = []
    for line in reversed(above[-3:]):
        if not line or _NOT_A_TEAM.search(line):
            break
        found.append(line)
    return tuple(reversed(found))


def _short_tax(tax_head: str) -> str:
    return re.split(r"[(:,]", tax_head)[0].strip()
