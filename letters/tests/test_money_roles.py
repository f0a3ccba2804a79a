"""A sum is not called by the name of another role than its papers give it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from complaints.facts.records import Amount, Facts, Span
from letters.money_roles import role_objections
from letters.tests.samples import NO_FACTS


def facts(role):
    span = Span("p.pdf", 1, 0, 9, "£9,000.00")
    return replace(Facts(**NO_FACTS), amounts=(Amount(Decimal("9000.00"), role, span),))


@pytest.mark.parametrize(
    ("role", "text", "wrong"),
    [
        ("loan", "The client had a loss of £9,000.00.", True),
        ("loan", "The client took a loan of £9,000.00.", False),
        ("repayment_due", "A penalty of £9,000.00 was charged.", True),
        ("penalty", "A penalty of £9,000.00 was charged.", False),
        ("profit", "HMRC owes a repayment of £9,000.00.", True),
        ("loan", "The letter says “a loss of £9,000.00”.", False),
        ("loan", "The sum is £9,000.00.", False),
        ("loan", "The client had a loss of £8,000.00.", False),
    ],
)
def test_the_name_of_a_sum_is_that_of_its_role(role, text, wrong):
    assert bool(list(role_objections(text, facts(role)))) == wrong
