import io

import pytest
from django.core.management import CommandError, call_command

from users.models import Invitation, Practice
from users.tests import factories

pytestmark = pytest.mark.django_db
MAKE = ("create_practice", "Harrow & Lytle", "ada@harrow.example", "--address", "1 Mill Lane, Ludlow")


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=err)
    except SystemExit as ending:
        return int(ending.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_a_practice_is_made_with_rates_and_its_first_admin_invited() -> None:
    code, out, _ = run(*MAKE, "--nation", "scotland", "--rate", "partner=185.00", "--rate", "junior=55")
    practice = Practice.objects.get()
    assert (code, practice.nation, practice.rates.count()) == (0, "scotland", 2)
    assert "ada@harrow.example as admin" in out
    assert Invitation.objects.get(practice=practice).role == "admin"


def test_the_same_practice_is_refused_in_one_line_and_nobody_is_invited_twice() -> None:
    run(*MAKE)
    code, _, err = run(*MAKE)
    assert (code, err.count("\n"), "already" in err) == (1, 1, True)
    assert Invitation.objects.count() == 1


def test_an_address_that_is_none_leaves_no_practice_behind() -> None:
    code, _, err = run("create_practice", "Harrow", "no address", "--address", "1 Mill Lane")
    assert (code, err.count("\n")) == (1, 1)
    assert not Practice.objects.exists()


@pytest.mark.parametrize("rate", ["partner", "partner=much", "=5", "partner=-1", "partner=NaN"])
def test_a_rate_that_is_none_is_wrong_usage(rate: str) -> None:
    with pytest.raises(CommandError, match="GRADE=POUNDS"):
        run(*MAKE, "--rate", rate)


def test_an_invitation_goes_out_by_name_or_number() -> None:
    practice = factories.make_practice("Harrow & Lytle")
    code, out, _ = run("invite_user", "Harrow & Lytle", "ann@harrow.example", "analyst")
    assert (code, "/account/invitation/" in out) == (0, True)
    assert run("invite_user", str(practice.pk), "ben@harrow.example", "viewer")[0] == 0
    assert Invitation.objects.filter(practice=practice).count() == 2


def test_an_unknown_practice_an_open_invitation_and_two_of_a_name_are_refused() -> None:
    assert run("invite_user", "Nowhere", "ann@harrow.example", "analyst")[0] == 1
    factories.make_practice("Harrow")
    assert run("invite_user", "Harrow", "ann@harrow.example", "analyst")[0] == 0
    assert run("invite_user", "Harrow", "ann@harrow.example", "analyst")[0] == 1
    factories.make_practice("Harrow")
    code, _, err = run("invite_user", "Harrow", "ben@harrow.example", "analyst")
    assert (code, "by its number" in err) == (1, True)


def test_an_unknown_role_is_wrong_usage() -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        run("invite_user", "Harrow", "ann@harrow.example", "king")
