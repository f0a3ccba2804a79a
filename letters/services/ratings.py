"""Stars that colleagues give a version of a letter."""

from datetime import datetime

from django.db import transaction

from complaints.services.wording import prose
from letters.models import LetterRating, LetterVersion
from lightpoint.errors import InvalidInput
from users.models import User
from users.services import record_audit

LONGEST = 1_000


class UnfitRating(InvalidInput):
    """A rating is from one star to five."""

    code = "unfit-rating"


@transaction.atomic
def rate_letter(*, version: LetterVersion, stars: int, by: User, now: datetime, comment: str = "") -> LetterRating:
    """Keep what `by` thinks of `version`, in place of what they thought before. Raises UnfitRating and UnusableText."""
    if not 1 <= stars <= 5:
        raise UnfitRating("Give one star to five")
    words = " ".join(prose(comment, "The comment", longest=LONGEST).split())
    values = {"stars": stars, "comment": words, "at": now}
    row, _ = LetterRating.objects.update_or_create(version=version, by=by, defaults=values)
    record_audit(
        action="letter.rated",
        target=version,
        at=now,
        actor=by,
        practice=version.letter.practice,
        new={"stars": stars},
    )
    return row
