"""What every composer is given: the records of a case, how its documents are numbered and how people are named."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from complaints.analysis.records import Analysis
from complaints.facts.records import Actor, DocumentProfile, Event, Facts, Intake, Statement, StatementKind
from knowledge.digest.records import GuidanceSection
from letters.drafting.wording import article_free, day, flat
from letters.ledger import Checks, check_letter
from letters.practice import PracticeDetails
from letters.records import DraftLetter, Tone
from letters.wordings import TypeTemplate, type_templates

Pages = Mapping[tuple[str, int | None], str]


class Mark(Protocol):
    """A place in a document: a Span, a side of a conflict or a DocumentSource."""

    @property
    def document(self) -> str: ...
    @property
    def page(self) -> int | None: ...
    @property
    def quote(self) -> str: ...


@dataclass(frozen=True)
class Case:
    """The inputs of a draft. `numbers` gives the exhibit number of each document that the letter relies on.

    `checks` holds what the ledger has found so far: candidates are tried once, though a letter is composed twice.
    """

    intake: Intake
    facts: Facts
    analysis: Analysis
    guidance: Mapping[str, GuidanceSection]
    practice: PracticeDetails
    tone: Tone = "firm"
    pages: Pages = field(default_factory=dict)
    numbers: Mapping[str, int] = field(default_factory=dict)
    checks: Checks | None = field(default=None, compare=False, repr=False)

    def checked(self, letter: DraftLetter) -> DraftLetter:
        """The letter as the ledger judges it."""
        records = (self.facts, self.guidance, self.intake.nation)
        return check_letter(letter, *records, pages=self.pages, checks=self.checks, composing=True)

    @property
    def dated(self) -> date:
        """Letters are dated on the day the case was opened: the working days run to it."""
        return self.intake.opened_on

    @property
    def template(self) -> TypeTemplate:
        return type_templates()[self.analysis.complaint_type]

    @property
    def is_person(self) -> bool:
        return self.intake.client_kind == "individual"

    @property
    def is_private(self) -> bool:
        """Whether personal information went astray, so that the letter says no more of private life than it must."""
        return any(breach.failing == "data_breach" for breach in self.analysis.breaches)

    def profile(self, document: str) -> DocumentProfile | None:
        return next((p for p in self.facts.documents if p.document == document), None)

    def called(self, document: str) -> str:
        """A document as a sentence names it: "HMRC's letter of 14 February 2025"."""
        profile = self.profile(document)
        return article_free(profile.summary_name) if profile and profile.summary_name else "the paper enclosed"

    def author(self, document: str) -> Actor | None:
        profile = self.profile(document)
        return profile.author if profile else None

    def is_note(self, document: str) -> bool:
        """Whether a document is a note or transcript of what HMRC said."""
        profile = self.profile(document)
        return profile is not None and profile.kind in ("call_note", "webchat")

    def written_on(self, document: str) -> date | None:
        profile = self.profile(document)
        return profile.written_on if profile else None

    def statements(self, *kinds: StatementKind, actor: Actor | None = None) -> tuple[Statement, ...]:
        return tuple(s for s in self.facts.statements if s.kind in kinds and actor in (None, s.actor))

    def events(self, *kinds: str, actor: Actor | None = None) -> tuple[Event, ...]:
        return tuple(e for e in self.facts.events if e.kind in kinds and actor in (None, e.actor))

    # Names

    @property
    def client_full(self) -> str:
        name = re.sub(r"\s+t/a\s+", ", trading as ", flat(self.intake.client_name))
        title = self._client_title()
        return f"{title} {name}" if title else name

    @property
    def client(self) -> str:
        """The client after the first mention. A title stands only where the papers state it."""
        if self.intake.client_kind == "company":
            return "the company"
        if self.intake.client_kind == "partnership":
            return "the partnership"
        if self.intake.client_kind == "trust":
            return "the trust"
        title = self._client_title()
        return f"{title} {self.intake.client_name.split()[-1]}" if title else flat(self.intake.client_name)

    def _client_title(self) -> str:
        if not self.is_person:
            return ""
        surname = self.intake.client_name.split()[-1].casefold()
        titles = [p.title for p in self.facts.parties if p.title and p.name.casefold().endswith(surname)]
        named = self.intake.client_name.casefold()
        return next((title for title in titles if not named.startswith(f"{title.casefold()} ")), "")

    @property
    def who_is_who(self) -> str:
        """The one statement of the parties that every sentence may rely on."""
        kind = self.intake.client_kind
        return (
            f"{self.practice.name} (we, us, our) acts for {self.client_full} ({self.client}, our client, a {kind}) "
            f"before HM Revenue and Customs (HMRC). This letter is dated {day(self.dated)}."
        )

    # Exhibits

    def cite(self, documents: Iterable[str]) -> str:
        """ "exhibit 4" or "exhibits 4 and 6"; empty before the documents are numbered."""
        numbers = sorted({self.numbers[d] for d in documents if d in self.numbers})
        if not numbers:
            return ""
        shown = ", ".join(map(str, numbers[:-1])) + f" and {numbers[-1]}" if len(numbers) > 1 else str(numbers[0])
        return f"exhibit{'s' if len(numbers) > 1 else ''} {shown}"
