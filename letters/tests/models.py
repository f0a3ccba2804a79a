"""What simulated models answer to the questions of a letter: faithfully, or with lies."""

import json
import random
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from letters.tests.test_lies import amounts, citations, days, roles
from lightpoint.llm.simulator import Answer

Request = Mapping[str, Any]
_SECTION: Final = re.compile(r'<section id="([^"]+)"[^>]*>\n(.*?)\n</section>', re.DOTALL)
_GROUP: Final = re.compile(r"<(?:item|paragraph)>\n(.*?)\n</(?:item|paragraph)>", re.DOTALL)
_CARD: Final = re.compile(r"^(\d+) (\w+) \| (.*)$", re.MULTILINE)
_DOCUMENT: Final = re.compile(r'<document id="(D\d+)"')
LIES: Final = (amounts, days, roles, citations)
Say = Callable[[str], str]


def asked(request: Request) -> str:
    """The words of the question, without the system text."""
    return str(request["messages"][-1]["content"])


def faithful(request: Request) -> str:
    """The cards as they are, paragraph by paragraph."""
    return _answer(request, lambda text: text)


def reworded(request: Request) -> str:
    """The cards, some of them begun another way."""
    return _answer(request, _otherwise)


def liar(share: float, seed: int = 0) -> Callable[[Request], str]:
    """A model that changes a sum, a day, a role or a citation in a `share` of its sentences."""
    chance = random.Random(seed)  # noqa: S311 - a test

    def say(text: str) -> str:
        lies = [lie for kind in LIES for lie in kind(text) if lie != text]
        return chance.choice(lies) if lies and chance.random() < share else text

    return lambda request: _answer(request, say)


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


def broken(_request: Request) -> str | Answer:
    """A model that answers with anything but what was asked."""
    return "I am sorry."
