"""The timeline of a case: what was done, by whom and when."""

from datetime import datetime

from complaints.models import Complaint, TimelineEntry
from lightpoint.errors import InvalidInput
from users.models import User

LENGTH = 500


def note(*, complaint: Complaint, text: str, by: User | None, now: datetime) -> TimelineEntry:
    """Add a line to the timeline of `complaint`; what is longer than a line holds is cut."""
    return TimelineEntry.objects.create(complaint=complaint, at=now, by=by, text=text[:LENGTH])


def add_note(*, complaint: Complaint, text: str, by: User, now: datetime) -> TimelineEntry:
    """Add a line that somebody wrote. Raises InvalidInput for an empty one, or one longer than a line holds."""
    words = " ".join(text.split())
    if not 0 < len(words) <= LENGTH:
        raise InvalidInput(f"A line of the timeline has 1 to {LENGTH} characters; this one has {len(words)}")
    return note(complaint=complaint, text=words, by=by, now=now)
