"""The questions that sections answer, as people ask them, from the TOML files beside this module. Pure."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

QUESTIONS: Final = Path(__file__).resolve().parent / "questions"


class QuestionsError(ValueError):
    """The files of questions are wrong: the message names the file and the fault."""


@cache
def load_questions() -> Mapping[str, tuple[str, ...]]:
    """Section id -> the questions that it answers, each once, in their order. Raises QuestionsError."""
    return read_questions(QUESTIONS)


def read_questions(folder: Path) -> Mapping[str, tuple[str, ...]]:
    """The questions of every TOML file of `folder`. Raises QuestionsError."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(folder.glob("*.toml")):
        for identifier, questions in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if identifier in found:
                raise QuestionsError(f"{path.name}: {identifier} has questions in two files")
            if not isinstance(questions, list) or not all(isinstance(text, str) and text.strip() for text in questions):
                raise QuestionsError(f"{path.name}: {identifier} needs a list of questions")
            found[identifier] = tuple(dict.fromkeys(" ".join(text.split()) for text in questions))
    return MappingProxyType(found)
