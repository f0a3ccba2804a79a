"""Older e-mails that a later one repeats, each a happening of its own day."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from complaints.facts.paper import Paper, is_prose
from complaints.facts.records import Actor, Event, EventKind
from complaints.facts.sound import quoted
from complaints.facts.view import Unit, flat

_KINDS: dict[Actor, EventKind] = {
    "hmrc": "letter_from_hmrc",
    "third_party": "third_party_report",
    "client": "client_report",
}
_NAMES: dict[Actor, str] = {"hmrc": "HMRC", "third_party": "A third party"}


def quoted_mail_events(paper: Paper) -> Iterator[Event]:
    """One event for each repeated e-mail of HMRC, a third party or the client, told in its own words."""
    units = [u for u in paper.units if u.quoted and u.on is not None and u.speaker in _KINDS]
    for (speaker, on), group in groupby(units, key=lambda u: (u.speaker, u.on)):
        telling = _telling(list(group))
        if telling and on and on != paper.profile.written_on:
            yield _event(telling, speaker, on, paper)


def _event(unit: Unit, speaker: Actor, on: date, paper: Paper) -> Event:
    who = paper.client if speaker == "client" else _NAMES[speaker]
    line = quoted(f"{unit.who or who} wrote", unit.text.replace("\n> ", "\n").replace("\n>", "\n"))
    return Event(
        on,
        _KINDS[speaker],
        speaker,
        line,
        unit.span(),
        "context" if speaker == "client" else "key",
        "email",
        said_in=on,
    )


def _telling(units: list[Unit]) -> Unit | None:
    """The first whole sentence that says something."""
    prose = [u for u in units if is_prose(u) and len(flat(u.text).split()) > 6 and u.text.strip()[-1:] in ".!?"]
    whole = [u for u in prose if u.text.strip(" >")[:1].isupper() and not _GREETING.match(u.text)]
    return next(iter(whole or prose), None)


_GREETING = re.compile(r"\W*(?:hi|dear|hello)\b", re.I)
