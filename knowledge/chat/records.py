"""What passes between search, writer, checks and whoever stores or shows an answer. Pure, frozen."""

from dataclasses import dataclass
from datetime import date
from typing import Final

EXTRACTIVE: Final = "extractive"
DECLINED: Final = (
    "I cannot answer this from the guidance that is held here. I searched the manuals, the charter, legislation, case "
    "law, forms and the notes of your practice that hold on the day asked about, and no passage answers the question. "
    "Ask it in other words, name the section, the tax or the form that it is about, or give the day of the event; "
    "what the sections say can be read under Guidance."
)


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a version of a section, as search found them: `text == cited[start:end]`.

    `cited` is the body of the version, or for one that has none the digest's account of it; see `cited_text`.
    """

    version_id: int
    identifier: str
    title: str
    start: int
    text: str
    url: str = ""
    version: str = ""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Cited:
    """A numbered citation: the words from `start` to `end` of what the version says."""

    number: int
    version_id: int
    identifier: str
    title: str
    start: int
    end: int
    quote: str
    url: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """A sentence that a model wrote and that nobody is shown, with the reason."""

    sentence: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown: `text` with citations as [1], [2]; `declined` where no passage supports an answer."""

    text: str
    citations: tuple[Cited, ...] = ()
    removed: tuple[Removed, ...] = ()
    declined: bool = False
    written_by: str = EXTRACTIVE
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer: always together."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Delta:
    """Words to show next."""

    text: str


Piece = Delta | Cited | Removed


def declined(*, written_by: str = EXTRACTIVE, removed: tuple[Removed, ...] = (), on: date | None = None) -> Answer:
    """The answer where nothing that is held supports one."""
    return Answer(DECLINED, removed=removed, declined=True, written_by=written_by, on=on)
