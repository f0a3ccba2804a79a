"""Notes written up later: the talk has its own day, and the day of the note is nobody's call."""

import pytest

from complaints.tests.facts.papers import read

NOTE = "File note\nClient: Rowan Achterberg\nDate: 21 November 2026\nBy: Ada Reed\n\n{}\n"


def calls(words: str) -> list[tuple[str, str, str]]:
    facts = read(NOTE.format(words), name="note-2026-11-21.txt")
    return [(str(event.date), event.actor, event.summary) for event in facts.events if event.kind == "call"]


@pytest.mark.parametrize(
    ("words", "day", "actor"),
    [
        ("The client phoned HMRC on 5 May 2025.", "2025-05-05", "agent"),
        ("HMRC rang on 3 March 2025 and promised the refund by 30 March 2025.", "2025-03-03", "hmrc"),
        ("HMRC telephoned on 7 July 2025 to say that the claim had been lost.", "2025-07-07", "hmrc"),
        ("We phoned HMRC on 9 April 2025 and were told to wait.", "2025-04-09", "agent"),
    ],
)
def test_a_talk_told_later_is_one_call_on_its_own_day(words: str, day: str, actor: str) -> None:
    assert [(when, who) for when, who, _summary in calls(words)] == [(day, actor)]


def test_a_call_of_hmrc_is_not_told_as_ours() -> None:
    ((_day, _actor, summary),) = calls("HMRC rang on 3 March 2025 and promised the refund by 30 March 2025.")
    assert summary == "HMRC telephoned"


def test_a_talk_without_a_day_of_its_own_was_on_the_day_of_the_note() -> None:
    assert [day for day, _actor, _summary in calls("Rang the helpline. The adviser said that nothing was logged.")] == [
        "2026-11-21"
    ]
