"""One section of guidance as the digest holds it. Pure, frozen, no Django.

The words are ours; the rules and figures are those of the GOV.UK pages named in `url`
(Crown copyright, Open Government Licence v3.0).
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

PageDateRole = Literal["updated", "published", "printed"]

TOPICS = (
    "adjudicator",
    "apology",
    "appeal_costs",
    "authorisation",
    "cause_and_effect",
    "charter_standard",
    "complaint_process",
    "compliance_check",
    "consolatory_payment",
    "costs_of_complaining",
    "data_security",
    "debt_collection",
    "delay",
    "esc",
    "evidence_of_loss",
    "family_agents",
    "goods",
    "help",
    "insurance",
    "interest",
    "invoice_preparation",
    "large_payments",
    "legal_action",
    "lost_documents",
    "misleading_advice",
    "mistake",
    "no_win_no_fee",
    "official_error",
    "own_time",
    "paying_agents",
    "payment_limits",
    "personal_circumstances",
    "poor_complaint_handling",
    "postal_address",
    "professional_fees",
    "reasonable_costs",
    "record_keeping",
    "remedy",
    "scope",
    "system_failure",
    "tax_appeal",
    "tax_on_fees",
    "third_parties",
    "time_limits",
    "unanswered_correspondence",
    "vat_on_fees",
    "worry_and_distress",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as the page prints it ("£25", "6 months", "six months") and what it is there for."""

    value: str
    role: str


@dataclass(frozen=True, slots=True)
class Standard:
    """One of the Charter's standards, and its promise in our words."""

    name: str
    promise: str


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where a complaint by post goes. `taxes` are lower-case keys of complaints about those taxes."""

    taxes: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GuidanceSection:
    """A page of guidance in our words; `version` is a short hash of everything else in the entry.

    `requires` is what a rule sentence may rely on: what the page says, its tests, exceptions and exclusions.
    `page_date` is the date the page prints as its own, in the role `page_date_role`; `archived` pages are never cited.
    """

    id: str
    title: str
    manual: str
    requires: str
    figures: tuple[Figure, ...]
    topics: tuple[str, ...]
    page_date: date | None
    url: str
    in_force_from: date | None
    archived: bool
    keywords: tuple[str, ...]
    version: str
    page_date_role: PageDateRole = "updated"
    standards: tuple[Standard, ...] = ()
    addresses: tuple[PostalAddress, ...] = ()

    @property
    def citable(self) -> bool:
        return not self.archived

    def in_force(self, on: date) -> bool:
        """Whether the section may be cited for an event of that day."""
        return self.citable and (self.in_force_from is None or self.in_force_from <= on)
