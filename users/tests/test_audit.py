from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from users.models import AuditEvent, Practice
from users.services import create_practice, record_audit

NOW = datetime(2025, 3, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def practice(db: None) -> Practice:
    return create_practice(
        name="Harrow & Lytle",
        address="1 Mill Lane, Ludlow",
        rates=[("partner", Decimal("180.00"))],
        rates_from=date(2025, 1, 1),
        now=NOW,
    )


@pytest.fixture
def event(practice: Practice) -> AuditEvent:
    return record_audit(
        action="practice.renamed", target=practice, at=NOW, old={"name": "Old"}, new={"hourly": Decimal("1.50")}
    )


def test_an_event_tells_who_did_what_to_which_row(event: AuditEvent, practice: Practice) -> None:
    event.refresh_from_db()
    assert (event.actor_label, event.action) == ("system", "practice.renamed")
    assert (event.target_type, event.target_pk, event.target_label) == (
        "users.practice",
        str(practice.pk),
        "Harrow & Lytle",
    )
    assert (event.old, event.new) == ({"name": "Old"}, {"hourly": "1.50"})


@pytest.mark.parametrize("statement", ["UPDATE {} SET action = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_application_may_not_change_the_trail(event: AuditEvent, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(AuditEvent._meta.db_table))
    assert AuditEvent.objects.filter(pk=event.pk, action="practice.renamed").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["UPDATE {} SET action = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_even_the_owner_of_the_table_is_refused_by_a_trigger(statement: str) -> None:
    practice = create_practice(name="Harrow & Lytle", address="1 Mill Lane, Ludlow", now=NOW)
    with connection.as_owner(), pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement.format(AuditEvent._meta.db_table))
    assert AuditEvent.objects.get(target_pk=str(practice.pk)).action == "practice.created"
