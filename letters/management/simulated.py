"""What simulated models answer to the questions of a letter: faithfully, in other words, or with lies.

A bench that measures letters needs a model which says what it was given; one that measures what holds lies back needs
a model which lies a known number of times. Both read the question as a model does, and nothing beside it.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from lightpoint.language.dates import find_dates, format_date
from lightpoint.language.money import find_amounts, format_money
from lightpoint.llm.simulator import Answer

Request = Mapping[str, Any]
Say = Callable[[str], str]
_SECTION: Final = re.compile(r'<section id="([^"]+)"[^>]*>\n(.*?)\n</section>', re.DOTALL)
_GROUP: Final = re.compile(r"<(?:item|paragraph)>\n(.*?)\n</(?:item|paragraph)>", re.DOTALL)
_CARD: Final = re.compile(r"^(\d+) (\w+) \| (.*)$", re.MULTILINE)
_DOCUMENT: Final = re.compile(r'<document id="(d\d+)"')
_TURNS: Final = (
    (r"^HMRC (?=[a-z])", "We "), (r"(?<=. )HMRC (?=[a-z])", "we "), (r"\b[Ww]e (?=[a-z])", "HMRC "),
    (r"\bHMRC's ", "our "), (r"\b[Oo]ur (?!client)", "HMRC's "), (r"\b[Oo]ur client\b", "HMRC"),
    (r"\bfrom HMRC\b", "to HMRC"), (r"\bto HMRC\b", "from HMRC"),
    (r"\brepayment\b", "penalty"), (r"\brefund\b", "penalty"), (r"\bpenalty\b", "repayment"), (r"\bloan\b", "loss"),
)  # fmt: skip


def asked(request: Request) -> str:
    """The words of the question, without the system text."""
    return str(request["messages"][-1]["content"])


def faithful(request: Request) -> str:
    """The cards as they are, paragraph by paragraph."""
    return _answer(request, lambda text: text)


def reworded(request: Request) -> str:
    """The cards, some of them begun another way."""
    return _answer(request, _otherwise)


def broken(_request: Request) -> str | Answer:
    """A model that answers with anything but what was asked."""
    return "I am sorry."


class Lie(NamedTuple):
    """What a lie changes, the sentence as it was given, and as it was told."""

    kind: str
    given: str
    told: str


@dataclass
class Liar:
    """A model that changes a sum, a day, a role or a citation in a `share` of its sentences.

    Which ones depends on `seed` and the question alone, not on the order of arrival. `told` are its lies so far.
    """

    share: float
    seed: int = 0
    told: list[Lie] = field(default_factory=list, repr=False)

    def __call__(self, request: Request) -> str:
        chance = random.Random(f"{self.seed}:{asked(request)}")  # noqa: S311 - a simulation
        return _answer(request, lambda text: self._say(text, chance))

    def take(self) -> tuple[Lie, ...]:
        """The lies that were told since they were last taken."""
        taken = tuple(self.told)
        del self.told[: len(taken)]
        return taken

    def _say(self, text: str, chance: random.Random) -> str:
        kinds = [[Lie(kind.__name__, text, lie) for lie in kind(text) if lie != text] for kind in LIES]
        possible = [lies for lies in kinds if lies]
        if not possible or chance.random() >= self.share:
            return text
        lie = chance.choice(chance.choice(possible))
        self.told.append(lie)
        return lie.told


def amounts(text: str) -> Iterator[str]:
    """`text` with one of its sums changed."""
    for money in (m for m in find_amounts(text) if m.explicit):
        for step in (Decimal("270.10"), Decimal(9)):
            yield text[: money.start] + format_money(money.value + step) + text[money.end :]


def days(text: str) -> Iterator[str]:
    """`text` with one of its days changed."""
    for day in (m for m in find_dates(text) if m.complete):
        for step in (3, 401):
            yield text[: day.start] + format_date(day.date + timedelta(days=step)) + text[day.end :]


def citations(text: str) -> Iterator[str]:
    """`text` with one of its sections of guidance changed."""
    for match in re.finditer(r"\bCRG(?!5175)\d{4}\b", text):
        yield text[: match.start()] + "CRG5175" + text[match.end() :]


def roles(text: str) -> Iterator[str]:
    """`text` with who did something, or what was paid, turned round."""
    yield from replaced(text, _TURNS)


LIES: Final = (amounts, days, roles, citations)


def replaced(text: str, pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """`text` with one hit of a pattern in another form, outside quotations."""
    unquoted = re.sub(r"“[^”]*”", lambda match: " " * len(match[0]), text)
    for pattern, other in pairs:
        for match in re.finditer(pattern, unquoted):
            yield text[: match.start()] + match.expand(other) + text[match.end() :]


def _otherwise(text: str) -> str:
    return re.sub(
        r"^(On \d{1,2} \w+ \d{4}),? (.*)\.$",
        lambda m: f"{m[2][0].upper()}{m[2][1:]} {m[1][0].lower()}{m[1][1:]}.",
        text,
    )


def _answer(request: Request, say: Say) -> str:
    text = asked(request)
    shape = json.dumps(request["response_format"])
    if "gist" in shape:
        notes = [
            {"document": name, "gist": "It bears on the complaint.", "weight": 2} for name in _DOCUMENT.findall(text)
        ]
        return json.dumps({"notes": notes})
    sections = [(name, _GROUP.findall(inside)) for name, inside in _SECTION.findall(text)]
    if "point" in shape:
        return json.dumps({"sections": [_planned(name, groups) for name, groups in sections]})
    written = [_written(name, groups, say) for name, groups in sections]
    if "left_out" in shape:
        written = [{**section, "left_out": []} for section in written]
    return json.dumps({"sections": written})


def _planned(name: str, groups: list[str]) -> dict[str, Any]:
    return {
        "id": name,
        "point": "HMRC fell short.",
        "paragraphs": [[int(c[0]) for c in _CARD.findall(g)] for g in groups],
    }


def _written(name: str, groups: list[str], say: Say) -> dict[str, Any]:
    paragraphs = [[f"{say(text)} [{card}]" for card, _, text in _CARD.findall(group)] for group in groups]
    return {"id": name, "paragraphs": paragraphs}
