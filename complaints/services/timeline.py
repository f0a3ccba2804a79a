"""The timeline of a case: what was done, by whom and when."""

from datetime import datetime

from complaints.models import Complaint, TimelineEntry
from complaints.services.wording import line
from users.models import User

LENGTH = 500


def note(*, complaint: Complaint, text: str, by: User | None, now: datetime) -> TimelineEntry:
    """Add a line to the timeline of `complaint`; what is longer than a line holds is cut."""
    return TimelineEntry.objects.create(complaint=complaint, at=now, by=by, text=text[:LENGTH])


def add_note(*, complaint: Complaint, text: str, by: User, now: datetime) -> TimelineEntry:
    """Add a line that somebody wrote. Raises InvalidInput for one that is empty, too long, or cannot be kept."""
    words = line(text, "A line of the timeline", longest=LENGTH)
    return note(complaint=complaint, text=words, by=by, now=now)
