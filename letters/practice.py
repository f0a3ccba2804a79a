"""Who writes: the practice as its letters show it. Pure, no Django."""

from dataclasses import dataclass

from complaints.facts.records import Intake


@dataclass(frozen=True, slots=True)
class PracticeDetails:
    """The practice on its own paper.

    `letterhead` is a line under the name ("Chartered Accountants"), `contact` a line under the address. Without a
    signatory the letter is signed for the practice. `vat_registered` is None where nobody has said.
    """

    name: str
    address_lines: tuple[str, ...]
    letterhead: str = ""
    signatory_name: str = ""
    signatory_capacity: str = ""
    agent_reference: str = ""
    vat_registered: bool | None = None
    contact: str = ""


def practice_of(intake: Intake) -> PracticeDetails:
    """The practice as far as the intake tells it."""
    lines = tuple(part.strip() for part in intake.practice_address.split(",") if part.strip())
    return PracticeDetails(name=intake.practice_name, address_lines=lines, agent_reference=intake.agent_reference)
