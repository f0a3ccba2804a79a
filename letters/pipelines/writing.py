"""The arrangements of the stages: what is asked when, and what becomes of the answers. Pure.

    template      tone, on the structure of the stored template
    two_stage     facts, then structure and tone in one call
    three_stage   facts, structure, tone, one call after another
    parallel      a note on each paper beforehand, one outline, then all sections at once

A section is judged as it arrives. One that may not stand is asked for once more with the reasons: of it, the cards that
no sentence tells as it may. After that the embedded drafter's sentences take the place of those that may not stand, or
its section that of the section; so too when the provider fails. The order in which answers arrive changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from letters.ledger import release_problems
from letters.pipelines import prompts
from letters.pipelines.again import joined, reduced
from letters.pipelines.answers import read_notes, read_plan, read_written
from letters.pipelines.judging import Bench, Verdict, judged, mended, new_faults, with_blocks
from letters.pipelines.records import Call, Outcome, Paper, Part, PipelineName, Plan, Replaced, Reply, Stage, Written
from letters.pipelines.sight import Sight, State, section_states
from letters.records import Block, DraftLetter

ATTEMPTS: Final = 2  # of one section
_ANSWER: Final[Mapping[Stage, float]] = {"facts": 0.5, "structure": 1.0, "compose": 2.5, "tone": 2.5}  # of the cards
_WRITING: Final[tuple[Stage, ...]] = ("compose", "tone")
_NOTE_TOKENS: Final = 120  # of the answer, for each paper


class Desk(Protocol):
    """Who asks the models, and keeps what they answered so that it is not asked again."""

    def submit(self, call: Call) -> None:
        """Have `call` asked, or find its answer."""
        ...

    def next(self) -> Reply:
        """The reply that is there first, of those submitted."""
        ...


@dataclass
class _Work:
    """One letter on its way."""

    number: int
    bench: Bench
    parts: tuple[Part, ...]
    papers: tuple[Paper, ...]
    plans: dict[str, Plan] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    drafts: dict[str, Written] = field(default_factory=dict)
    decided: dict[str, State] = field(default_factory=dict)

    @property
    def head(self) -> str:
        return prompts.letter_text(self.bench.letter)

    def show(self, sight: Sight) -> None:
        """The letter with what may stand already."""
        blocks = {name: self.verdicts[name].blocks for name, state in self.decided.items() if state == "checked"}
        self.show_as(with_blocks(self.bench.letter, blocks, self.parts), self.decided, sight)

    def show_as(self, letter: DraftLetter, states: Mapping[str, State], sight: Sight) -> None:
        sight.show(self.number, letter, section_states(self.bench.letter, self.parts, states))

    def cards_text(self, parts: Sequence[Part]) -> str:
        """The parts with the cards that are to be told: all, or those that the answer before has left."""
        asked = [(part, self.verdicts.get(part.id, Verdict()).left) for part in parts]
        less = [reduced(part, left, self.plans) if left else (part, self.plans) for part, left in asked]
        return "\n".join(prompts.cards_text([part], plans) for part, plans in less)


def note_calls(papers: Sequence[Paper]) -> tuple[Call, ...]:
    """One call for each paper: what `parallel` asks when a paper arrives."""
    return tuple(_facts_call((paper,), 0) for paper in papers)


def write_letters(
    pipeline: PipelineName,
    benches: Sequence[Bench],
    parts: Sequence[tuple[Part, ...]],
    papers: Sequence[Paper],
    desk: Desk,
    sight: Sight | None = None,
) -> Outcome:
    """The letters of `benches` as `pipeline` writes them, checked; `parts` are those of each, `papers` of the case.

    `sight` is shown each section as its words are accepted, and in the end the letters as they are.
    """
    sight = sight or Sight(lambda *_: None)
    works = [_Work(n, bench, mine, tuple(papers)) for n, (bench, mine) in enumerate(zip(benches, parts, strict=True))]
    pending = 0
    for work in works:
        for call in _first_calls(pipeline, work) if work.parts else ():
            desk.submit(call)
            pending += 1
    waiting = {work.number: len(papers) if pipeline == "parallel" else 1 for work in works}
    while pending:
        reply = desk.next()
        pending -= 1
        work = works[reply.call.letter]
        for call in _following(pipeline, work, reply, waiting):
            desk.submit(call)
            pending += 1
        if reply.call.stage in _WRITING:
            work.show(sight)
    return _outcome(works, sight)


def _first_calls(pipeline: PipelineName, work: _Work) -> Sequence[Call]:
    if pipeline == "template" or (pipeline != "parallel" and not work.papers):
        return _writing(pipeline, work)
    if not work.papers:
        return [_structure_call(work)]
    if pipeline == "parallel":
        return [replace(call, letter=work.number) for call in note_calls(work.papers)]
    return [_facts_call(work.papers, work.number)]


def _following(pipeline: PipelineName, work: _Work, reply: Reply, waiting: dict[int, int]) -> Sequence[Call]:
    """What is asked because of a reply."""
    stage = reply.call.stage
    if stage == "facts":
        _take_notes(work, reply)
        waiting[work.number] -= 1
        if waiting[work.number]:
            return ()
        return _writing(pipeline, work) if pipeline == "two_stage" else [_structure_call(work)]
    if stage == "structure":
        if reply.value is not None:
            plans = {part.id: read_plan(reply.value, part) for part in work.parts}
            work.plans |= {name: plan for name, plan in plans.items() if plan}
        return _writing(pipeline, work)
    return _judge(pipeline, work, reply)


def _take_notes(work: _Work, reply: Reply) -> None:
    papers = {paper.key: paper for paper in work.papers}
    asked = [papers[key] for key in reply.call.about]
    noted = read_notes(reply.value) if reply.value is not None else {}
    for place, paper in enumerate(asked, 1):
        note = noted.get(f"d{place}")
        if note:
            work.notes[paper.called] = note


def _facts_call(papers: Sequence[Paper], number: int) -> Call:
    text = prompts.papers_text(papers)
    return Call("facts", number, tuple(paper.key for paper in papers), text, 100 + _NOTE_TOKENS * len(papers))


def _structure_call(work: _Work) -> Call:
    text = _joined(prompts.notes_text(work.notes), prompts.cards_text(work.parts, {}))
    room = prompts.most_tokens(text, _ANSWER["structure"])
    return Call("structure", work.number, tuple(part.id for part in work.parts), text, room, head=work.head)


def _joined(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def _writing(pipeline: PipelineName, work: _Work) -> list[Call]:
    """The calls that write: one for each part in `parallel`, else one for all."""
    groups = [(part,) for part in work.parts] if pipeline == "parallel" else [work.parts]
    return [_writing_call(pipeline, work, group, {}) for group in groups]


def _writing_call(
    pipeline: PipelineName, work: _Work, parts: Sequence[Part], reasons: Mapping[str, Sequence[str]]
) -> Call:
    stage: Stage = "compose" if pipeline == "two_stage" else "tone"
    cards = work.cards_text(parts)
    notes = prompts.notes_text(work.notes) if stage == "compose" else ""
    text = _joined(notes, cards, prompts.again_text(reasons) if reasons else "")
    attempt = 2 if reasons else 1
    room = prompts.most_tokens(cards, _ANSWER[stage])
    return Call(stage, work.number, tuple(part.id for part in parts), text, room, attempt, work.head)


def _judge(pipeline: PipelineName, work: _Work, reply: Reply) -> Sequence[Call]:
    asked = [part for part in work.parts if part.id in reply.call.about]
    refused: list[Part] = []
    for part in asked:
        work.attempts[part.id] = reply.call.attempt
        verdict = _verdict(work, part, reply)
        if verdict.reasons and _may_ask_again(reply):
            refused.append(part)
        elif verdict.reasons and part.id in work.drafts:
            verdict = replace(mended(part, work.drafts[part.id], work.bench), reasons=verdict.reasons)
        work.verdicts[part.id] = verdict
        if part not in refused:
            work.decided[part.id] = "checked" if verdict.blocks else "kept"
    if not refused:
        return ()
    return [_writing_call(pipeline, work, refused, {part.id: work.verdicts[part.id].reasons for part in refused})]


def _verdict(work: _Work, part: Part, reply: Reply) -> Verdict:
    if reply.value is None:
        work.errors[part.id] = reply.error
        return Verdict(reasons=(f"provider: {reply.error}",))
    written, before = read_written(reply.value, part), work.verdicts.get(part.id)
    if before is not None and before.left:
        written = joined(part, work.drafts[part.id], before.faulty, written)
    work.drafts[part.id] = written
    return judged(part, written, work.bench)


def _may_ask_again(reply: Reply) -> bool:
    """A bad answer is asked for once more; a provider that fails has been tried again already."""
    return reply.call.attempt < ATTEMPTS and reply.error in ("", "invalid-answer", "malformed")


def _outcome(works: Sequence[_Work], sight: Sight) -> Outcome:
    letters: list[DraftLetter] = []
    written: list[str] = []
    replaced: list[Replaced] = []
    mends: list[Replaced] = []
    again: list[str] = []
    for work in works:
        letter, kept, refused = _put_together(work)
        work.show_as(letter, {part.id: "checked" if part.id in kept else "kept" for part in work.parts}, sight)
        letters.append(letter)
        written += kept
        again += [name for name, count in work.attempts.items() if count > 1]
        for part in work.parts:
            reasons = refused.get(part.id) or work.verdicts.get(part.id, Verdict(reasons=("not asked for",))).reasons
            count = work.verdicts[part.id].mended if part.id in kept else None
            if count is None:
                replaced.append(Replaced(work.number, part.id, part.title, reasons))
            elif count:
                mends.append(Replaced(work.number, part.id, part.title, reasons, count))
    errors = sorted({code for work in works for name, code in work.errors.items() if name not in written})
    again.sort()
    return Outcome(tuple(letters), tuple(written), tuple(replaced), tuple(mends), tuple(again), tuple(errors))


def _put_together(work: _Work) -> tuple[DraftLetter, list[str], dict[str, tuple[str, ...]]]:
    """The letter with the parts that stand also beside each other, taken in the order of the letter."""
    base = work.bench.checked(work.bench.letter)
    before = set(release_problems(base))
    taken: dict[str, Sequence[Block]] = {}
    refused: dict[str, tuple[str, ...]] = {}
    letter = base
    for part in work.parts:
        verdict = work.verdicts.get(part.id)
        if verdict is None or not verdict.blocks:
            continue
        tried = work.bench.checked(with_blocks(base, {**taken, part.id: verdict.blocks}, work.parts))
        problems = [problem for problem in release_problems(tried) if problem not in before]
        faults = (*problems, *new_faults(tried, base))
        if faults:
            refused[part.id] = tuple(faults)
        else:
            taken[part.id], letter = verdict.blocks, tried
    return letter, list(taken), refused
