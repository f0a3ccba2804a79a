"""manage.py import_bundle."""

import json

import pytest
from django.core.management import call_command

from complaints.models import CaseRun, Complaint
from users.tests.factories import make_practice

pytestmark = pytest.mark.django_db
CASE = {
    "practice": {"name": "Penhallow Reed LLP", "address": "3 Sandbar Yard, Exeter", "hourly_rates": {"manager": "125"}},
    "client": {"name": "Rowan Achterberg", "kind": "individual", "nation": "scotland", "references": []},
    "tax_head": "Self Assessment",
    "opened_on": "2026-01-19",
}


@pytest.fixture
def bundle(tmp_path):
    folder = tmp_path / "bundle"
    (folder / "documents").mkdir(parents=True)
    (folder / "case.json").write_text(json.dumps(CASE))
    (folder / "documents" / "letter.txt").write_text("Nothing has been received.")
    return folder


def refused(capsys, *arguments) -> str:
    with pytest.raises(SystemExit) as ending:
        call_command("import_bundle", *arguments)
    assert ending.value.code == 2
    line = capsys.readouterr().err
    assert line.count("\n") == 1
    return line


@pytest.mark.parametrize("by_name", [True, False])
def test_a_bundle_opens_a_case_of_the_practice_and_is_not_drafted(bundle, capsys, by_name):
    practice = make_practice("Redmayne Accountants")
    call_command("import_bundle", bundle, practice=practice.name if by_name else str(practice.pk))
    complaint = Complaint.objects.get()
    assert capsys.readouterr().out == f"{complaint.reference}\n"
    assert (complaint.practice, complaint.documents.count()) == (practice, 1)
    assert not CaseRun.objects.exists()


def test_the_same_bundle_prints_the_same_reference(bundle, capsys):
    practice = make_practice()
    for _ in range(2):
        call_command("import_bundle", bundle, practice=str(practice.pk))
    first, second = capsys.readouterr().out.split()
    assert first == second
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize("named", ["Nobody & Co", "999999", "9" * 40, "", "²"])
def test_a_practice_that_is_not_there_is_refused(bundle, capsys, named):
    assert "There is no practice" in refused(capsys, str(bundle), "--practice", named)


def test_a_name_that_several_have_is_refused_with_their_ids(bundle, capsys):
    first, second = make_practice("Twins LLP", address="1 A Road"), make_practice("Twins LLP", address="2 B Road")
    assert f"{first.pk}, {second.pk}" in refused(capsys, str(bundle), "--practice", "Twins LLP")


def test_a_folder_that_is_no_bundle_is_refused(tmp_path, capsys):
    practice = make_practice()
    assert "holds no case.json" in refused(capsys, str(tmp_path), "--practice", str(practice.pk))


def test_a_year_that_is_used_up_is_refused(bundle, capsys):
    practice = make_practice()
    call_command("import_bundle", bundle, practice=str(practice.pk))
    Complaint.objects.update(reference="LP-2026-99999", intake_hash="")
    assert "every reference of 2026" in refused(capsys, str(bundle), "--practice", str(practice.pk))
