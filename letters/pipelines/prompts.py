"""The prompts: files beside the code, versioned by their hash, and the case put into words behind them. Pure.

A practice may put words of its own in the place of the shipped ones of a stage. What no words may take away is behind
them, by code: the shape of the answer, and that what stands between tags is data.

What is the same for every case comes first, then what is the same for every call of a letter, then what the call is
about: a provider that keeps the prefixes of prompts reads the first two once.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from letters.pipelines.answers import SCHEMAS
from letters.pipelines.records import Card, Paper, Part, Plan, Stage
from letters.records import DraftLetter
from lightpoint.codec import digest
from lightpoint.language.tokens import estimate_tokens

FILES: Final[Mapping[Stage, tuple[str, ...]]] = {
    "facts": ("system", "facts"),
    "structure": ("system", "structure"),
    "compose": ("system", "compose", "writing"),
    "tone": ("system", "tone", "writing"),
    "refine": ("system", "refine"),
}
FIXED: Final[Mapping[Stage, tuple[str, ...]]] = {
    "facts": ("facts_shape", "fence"),
    "structure": ("structure_shape", "fence"),
    "compose": ("writing_shape", "fence"),
    "tone": ("writing_shape", "fence"),
    "refine": ("refine_shape", "fence"),
}
STAGES: Final[tuple[Stage, ...]] = tuple(FILES)
_LETTERS: Final[Mapping[str, str]] = {
    "complaint_tier_1": "first-tier complaint to HMRC",
    "complaint_tier_2": "request to HMRC for a second-tier review of a complaint",
    "adjudicator": "submission to the Adjudicator's Office",
    "appeal": "appeal against a decision of HMRC",
    "ico": "complaint to the Information Commissioner",
}
_SAFE: Final = str.maketrans({"<": "‹", ">": "›"})  # no text can close the fence that it stands in
_SENTENCE: Final = re.compile(r"^“.*?”: |(?<=left out): “.*”$", re.DOTALL)  # that a reason begins or ends with
_LEAST_ANSWER, _MOST_ANSWER = 300, 6_000  # tokens


@dataclass(frozen=True, slots=True)
class StagePrompt:
    """What a model is told at a stage, and how it is asked there, for the cases of one practice.

    `words` are those that may be replaced; `number` is that of the practice's version, 0 for the shipped one. `tier`
    and `model` are asked for where they are given, `most_tokens` bounds an answer.
    """

    stage: Stage
    words: str = field(repr=False)
    number: int = 0
    tier: Literal["fast", "balanced", "best"] | None = None
    model: str = ""
    temperature: float = 0.0
    most_tokens: int | None = None

    @property
    def system(self) -> str:
        """What a model is told, the same for every case: the words, and behind them what always holds."""
        return f"{self.words.strip()}\n\n{fixed_text(self.stage)}"

    @property
    def version(self) -> str:
        """Twelve hex digits that change with what a model is told or the shape of its answer."""
        return digest([self.system, SCHEMAS[self.stage]])[:12]


@cache
def shipped_words(stage: Stage) -> str:
    """The words of a stage that a practice may replace, as they are shipped."""
    return "\n\n".join(_file(name) for name in FILES[stage])


@cache
def fixed_text(stage: Stage) -> str:
    """What stands behind the words of a stage whoever wrote them: the shape of its answer, and the fence."""
    return "\n".join(_file(name) for name in FIXED[stage])


@cache
def shipped(stage: Stage) -> StagePrompt:
    """The prompt of a stage as it is shipped."""
    return StagePrompt(stage, shipped_words(stage))


@cache
def system_text(stage: Stage) -> str:
    """What a model is told at a stage by the shipped prompt, the same for every case."""
    return shipped(stage).system


@cache
def prompt_version(stage: Stage) -> str:
    """The version of the shipped prompt."""
    return shipped(stage).version


def question_key(prompt: StagePrompt, *, model: str, max_tokens: int, texts: Sequence[str]) -> str:
    """The hash of all that a question is made of: the same question is asked, and paid for, once a case."""
    return digest([prompt.stage, prompt.version, model, max_tokens, prompt.temperature, list(texts)])


def prompt_tokens(stage: Stage) -> int:
    """About how many tokens the part of the prompt takes that is the same for every case."""
    return estimate_tokens(system_text(stage))


def schema_tokens(stage: Stage) -> int:
    """About how many tokens the shape of the answer takes beside it."""
    return estimate_tokens(json.dumps(SCHEMAS[stage]))


def _file(name: str) -> str:
    return (files("letters") / "prompts" / f"{name}.md").read_text(encoding="utf-8").strip()


def letter_text(letter: DraftLetter) -> str:
    """What the calls of one letter have in common."""
    return f"<letter>{_LETTERS[letter.type]}; tone: {letter.tone}</letter>"


def papers_text(papers: Sequence[Paper]) -> str:
    """Documents to be noted, d1 and so on: with a capital an id would be hidden as a name."""
    return "\n".join(
        f'<document id="d{place}" called="{_fenced(paper.called)}">\n{_fenced(paper.text)}\n</document>'
        for place, paper in enumerate(papers, 1)
    )


def notes_text(notes: Mapping[str, str]) -> str:
    """What is noted of the documents, by what they are called."""
    if not notes:
        return ""
    lines = "\n".join(f"{_fenced(called)}: {_fenced(note)}" for called, note in sorted(notes.items()))
    return f"<notes>\n{lines}\n</notes>"


def cards_text(parts: Iterable[Part], plans: Mapping[str, Plan]) -> str:
    """The sections with their cards, by paragraph in the order of their plan, or of the embedded drafter."""
    return "\n".join(_section(part, plans.get(part.id)) for part in parts)


def more_text(cards: Sequence[Card]) -> str:
    """Other evidence of the case that may be told."""
    lines = "\n".join(_line(card) for card in cards)
    return f"<more>\n{lines}\n</more>" if lines else ""


def request_text(words: str) -> str:
    """What a colleague asks to be changed: their words, as data."""
    return f"<request>\n{_fenced(words)}\n</request>"


def again_text(reasons: Mapping[str, Sequence[str]]) -> str:
    """Why cards are to be told once more; the refused words are not repeated, they would be read as words to use."""
    told = {name: dict.fromkeys(_SENTENCE.sub("", reason) for reason in some) for name, some in reasons.items()}
    lines = "\n".join(f"{name}: {_fenced(reason)}" for name, some in told.items() for reason in some)
    return (
        f"<refused>\n{lines}\n</refused>\nWhat is above was told before, and refused for these reasons: tell it again."
    )


def most_tokens(text: str, factor: float) -> int:
    """The room for an answer to `text`."""
    return max(_LEAST_ANSWER, min(_MOST_ANSWER, int(estimate_tokens(text) * factor) + 200))


def _section(part: Part, plan: Plan | None) -> str:
    paragraphs = plan.paragraphs if plan else tuple(tuple(card.id for card in group) for group in part.groups())
    point = f' point="{_fenced(plan.point)}"' if plan and plan.point else ""
    name = "item" if part.shape == "items" else "paragraph"
    inside = "\n".join(f"<{name}>\n{_lines(part, names)}\n</{name}>" for names in paragraphs)
    return f'<section id="{part.id}" title="{_fenced(part.title)}" shape="{part.shape}"{point}>\n{inside}\n</section>'


def _lines(part: Part, names: Iterable[str]) -> str:
    return "\n".join(_line(card) for name in names if (card := part.card(name)))


def _line(card: Card) -> str:
    return f"{card.id} {card.sentence.kind} | {_fenced(card.text)}"


def _fenced(text: str) -> str:
    return text.translate(_SAFE).replace('"', "”").strip()
