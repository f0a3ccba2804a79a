"""Letters drafted with a provider that lies, and which of its lies stand in what was released."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.test import override_settings
from django.utils import timezone

from knowledge.services import load_digest_into_database
from letters.casefile import CaseFile
from letters.management.simulated import Liar, Lie
from letters.privacy import TOKEN
from lightpoint.benchmarks.server import own_database
from lightpoint.llm.simulator import Config, Simulator

TIME_SCALE: Final = 0.01
_EXHIBITS: Final = r"(?: \(exhibits? [^()]*\))?"  # which code adds to what a model says
_NAME: Final = ".{1,200}?"  # what stands again in the place of a token


@dataclass
class LiesTold:
    """The lies of a run, by kind, and those of them that stand in a released letter."""

    told: Counter[str] = field(default_factory=Counter)
    stand: list[Lie] = field(default_factory=list)

    def note(self, lies: Iterable[Lie], case: CaseFile) -> tuple[int, int]:
        """Count the `lies` that were told for `case`: how many, and how many stand in a letter that is released."""
        found = tuple(lies)
        texts = [text for text, problems in zip(case.texts, case.problems, strict=True) if not problems]
        stand = [lie for lie in found if any(stands(lie.told, text) for text in texts)]
        self.told.update(lie.kind for lie in found)
        self.stand += stand
        return len(found), len(stand)

    @property
    def figures(self) -> dict[str, Any]:
        """As the last line of the command has it."""
        stand = [lie._asdict() for lie in self.stand]
        return {
            "lies": self.told.total(),
            "by_kind": dict(self.told),
            "in_released_letters": len(stand),
            "released": stand,
        }


@contextmanager
def lying_provider(share: float, seed: int) -> Iterator[Liar]:
    """A provider that lies in a `share` of its sentences, which the settings lead to; no budget is a bound.

    What it answers is kept in a database of its own, where no answer of before is found instead.
    """
    liar = Liar(share, seed)
    with (
        own_database(),
        Simulator(Config(seed=seed), liar, time_scale=TIME_SCALE) as provider,
        override_settings(**provider.settings(), LLM_CAPS=dict.fromkeys(settings.LLM_CAPS)),
    ):
        load_digest_into_database(now=timezone.now())
        yield liar


def stands(told: str, text: str) -> bool:
    """Whether what a model told stands in `text`, with names in place of tokens and exhibits added to it."""
    pattern, last = "", 0
    words = " ".join(told.split()).rstrip(". ")
    for token in TOKEN.finditer(words):
        pattern += _with_exhibits(words[last : token.start()]) + _NAME
        last = token.end()
    pattern += _with_exhibits(words[last:]) + _EXHIBITS + r"(?!\w)"
    return re.search(pattern, " ".join(text.split())) is not None


def _with_exhibits(words: str) -> str:
    return re.escape(words).replace(r":\ “", _EXHIBITS + r":\ “")
