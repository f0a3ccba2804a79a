"""A checked letter becomes a version with its ledger. Versions are added, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from complaints.models import CaseAnalysis
from letters.export import letter_text
from letters.ledger import release_problems
from letters.models import Letter, LetterVersion, Sentence, SentenceSource
from letters.records import DocumentSource, DraftLetter, Note, SectionSource
from letters.status import ANSWERED_FOR, FINAL
from lightpoint.codec import to_plain
from lightpoint.errors import StaleVersion
from users.models import User


@dataclass(frozen=True, slots=True)
class Making:
    """What a version was made from: the analysis, the pipeline and tone, and the hash of all that went in.

    `author` and `base` are there for a version that somebody changed or had changed, `origin` says how.
    """

    analysis: CaseAnalysis
    pipeline: str
    tone: str
    inputs_hash: str
    author: User | None = None
    base: LetterVersion | None = None
    origin: str = LetterVersion.Origin.DRAFTED
    notes: tuple[Note, ...] = ()


def store_version(*, letter: Letter, draft: DraftLetter, making: Making, now: datetime) -> LetterVersion:
    """Keep `draft`, which the ledger has checked, as the newest version of `letter`, whose row is locked."""
    last = letter.versions.aggregate(last=Max("number"))["last"] or 0
    problems = release_problems(draft)
    version = LetterVersion.objects.create(
        letter=letter,
        number=last + 1,
        analysis=making.analysis,
        inputs_hash=making.inputs_hash,
        pipeline=making.pipeline,
        tone=making.tone,
        draft=to_plain(draft),
        text=letter_text(draft),
        released=not problems,
        problems=list(problems),
        author=making.author,
        base=making.base,
        origin=making.origin,
        notes=to_plain(making.notes),
        created_at=now,
    )
    documents = dict(letter.complaint.documents.values_list("name", "pk"))
    _store_ledger(version, draft, documents)
    touch(letter=letter, now=now, state=Letter.State.DRAFT)
    return version


def touch(*, letter: Letter, now: datetime, state: str, by: User | None = None) -> None:
    """Set the state of `letter`, whose row is locked, and tell readers that it has changed.

    `by` is who approves or locks it. Who did either is forgotten where the letter goes back to before it.
    """
    if state == Letter.State.APPROVED:
        letter.approved_by, letter.approved_at = by, now
    elif state == Letter.State.LOCKED:
        letter.locked_by, letter.locked_at = by, now
    if state not in ANSWERED_FOR:
        letter.approved_by = letter.approved_at = None
    if state not in FINAL:
        letter.locked_by = letter.locked_at = None
    letter.state = state
    letter.version += 1
    letter.updated_at = now
    letter.save(
        update_fields=["state", "approved_by", "approved_at", "locked_by", "locked_at", "version", "updated_at"]
    )


def _store_ledger(version: LetterVersion, draft: DraftLetter, documents: Mapping[str, int]) -> None:
    sentences = draft.sentences()
    rows = Sentence.objects.bulk_create(
        Sentence(
            version=version,
            position=position,
            text=sentence.text,
            kind=sentence.kind,
            status=sentence.status,
            reasons=list(sentence.reasons),
        )
        for position, sentence in enumerate(sentences)
    )
    SentenceSource.objects.bulk_create(
        _source_row(row, source, documents)
        for row, sentence in zip(rows, sentences, strict=True)
        for source in sentence.sources
    )


def _source_row(
    sentence: Sentence, source: DocumentSource | SectionSource, documents: Mapping[str, int]
) -> SentenceSource:
    if isinstance(source, SectionSource):
        return SentenceSource(sentence=sentence, section=source.section, section_version=source.version)
    return SentenceSource(
        sentence=sentence, document_id=documents[source.document], page=source.page, quote=source.quote
    )


def locked_letter(*, letter: Letter, expected_version: int | None) -> Letter:
    """The row of `letter`, locked until the transaction ends. Raises StaleVersion where it changed meanwhile."""
    rows = Letter.objects.select_for_update(of=("self",), no_key=True)
    locked = rows.select_related("complaint__practice", "complaint__client", "approved_by").get(pk=letter.pk)
    if expected_version is not None and locked.version != expected_version:
        raise StaleVersion("Somebody has changed this letter meanwhile; read it again and repeat your change")
    return locked
