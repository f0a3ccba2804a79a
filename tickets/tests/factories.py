"""Cases and tickets without papers, for tests of what counts them."""

from datetime import UTC, date, datetime
from itertools import count

from complaints.models import Client, Complaint
from tickets.models import Ticket
from tickets.services import Request, create_ticket
from users.models import Practice, User

NOW = datetime(2026, 1, 19, 9, 0, tzinfo=UTC)
_numbers = count(1)


def make_cases(practice: Practice, number: int = 1, **fields: object) -> list[Complaint]:
    """`number` cases of one client, active and opened on 6 January 2026 unless told otherwise."""
    client, _ = Client.objects.get_or_create(practice=practice, name="A", kind="individual", nation="scotland")
    details = {"status": "active", "opened_on": date(2026, 1, 6), "created_at": NOW} | fields
    return Complaint.objects.bulk_create(
        Complaint(practice=practice, client=client, reference=f"LP-{next(_numbers)}", **details) for _ in range(number)
    )


def make_ticket(by: User, *, at: datetime = NOW, **fields: object) -> Ticket:
    asked = Request(**({"title": "Where is the SA302?"} | fields))
    return create_ticket(asked=asked, by=by, now=at)
