import json
from contextlib import nullcontext

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import InterfaceError, OperationalError

from letters.management import bundles, lying
from letters.management.commands import draft_case
from letters.tests.conftest import SAMPLE

pytestmark = pytest.mark.django_db


def run(*args, **options):
    with pytest.raises(SystemExit) as ending:
        call_command(*args, **options)
    return ending.value.code


def test_draft_case_writes_the_three_files_and_exits_with_nought(tmp_path):
    assert run("draft_case", SAMPLE, out=tmp_path) == 0
    assert {"letter.docx", "letter.json", "letter.pdf"} <= {file.name for file in tmp_path.iterdir()}


def test_a_folder_that_is_no_bundle_gives_one_line_and_exit_two(tmp_path, capsys):
    assert run("draft_case", tmp_path, out=tmp_path / "out") == 2
    told = capsys.readouterr().err
    assert "holds no case.json" in told
    assert "Traceback" not in told
    assert not (tmp_path / "out").exists()


def test_a_pipeline_that_is_not_there_gives_one_line_and_exit_two(tmp_path, capsys):
    assert run("draft_case", SAMPLE, out=tmp_path, pipeline="magic") == 2
    assert "There is no pipeline 'magic'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("the connection\nis closed"),
        InterfaceError("the cursor is closed"),
        ImproperlyConfigured("no name of a database"),
    ],
)
def test_a_database_that_goes_away_gives_one_line_and_exit_two(tmp_path, capsys, monkeypatch, error):
    def fail(*_args, **_options):
        raise error

    monkeypatch.setattr(draft_case, "draft_bundle", fail)
    assert run("draft_case", SAMPLE, out=tmp_path) == 2
    assert capsys.readouterr().err.strip() == f"draft_case: {' '.join(str(error).split())}"


def test_a_practice_that_another_process_makes_first_is_used(tmp_path, text_bundle, monkeypatch):
    make = bundles.create_practice

    def make_twice(**details):
        make(**details)
        return make(**details)

    monkeypatch.setattr(bundles, "create_practice", make_twice)
    assert run("draft_case", text_bundle, out=tmp_path) == 0
    assert (tmp_path / "letter.pdf").exists()


def test_brackets_in_the_name_of_a_folder_are_no_markup(tmp_path, text_bundle):
    out = tmp_path / "[" / "x[" / "red]"
    assert run("draft_case", text_bundle, out=out) == 0
    assert (out / "letter.pdf").exists()


def test_a_bundle_that_says_nothing_is_drafted_but_blocked_or_released_never_lost(tmp_path):
    bundle = tmp_path / "bundle"
    (bundle / "documents").mkdir(parents=True)
    (bundle / "documents" / "note.txt").write_text("Nothing of use.")
    (bundle / "case.json").write_text((SAMPLE / "case.json").read_text())
    assert run("draft_case", bundle, out=tmp_path / "out") in (0, 3)
    assert (tmp_path / "out" / "letter.json").is_file()


def test_evaluate_writes_a_prediction_a_line(tmp_path):
    rows = [
        {"id": "d1", "start": "2026-03-14", "working_days": 40, "nation": "scotland", "convention": "next-day"},
        {"id": "d2", "start": "2023-11-27", "working_days": 3, "nation": "scotland", "convention": "next-day"},
    ]
    source, out = tmp_path / "rows.jsonl", tmp_path / "predictions.jsonl"
    source.write_text("\n".join(map(json.dumps, rows)))
    call_command("evaluate", "deadlines", source, out=out)
    assert [json.loads(line)["result"] for line in out.read_text().splitlines()] == ["2026-05-12", "2023-12-01"]


def test_evaluate_names_a_source_that_cannot_be_used(tmp_path, capsys):
    assert run("evaluate", "grounding", tmp_path / "nowhere.jsonl", out=tmp_path / "p") == 2
    assert "nowhere.jsonl cannot be used" in capsys.readouterr().err


def test_evaluate_cases_writes_a_letter_for_each_bundle(text_bundle, tmp_path):
    call_command("evaluate", "cases", text_bundle.parent, out=tmp_path)
    assert (tmp_path / SAMPLE.name / "letter.json").is_file()


def test_evaluate_cases_counts_the_lies_of_a_model_and_finds_none_in_a_letter(
    text_bundle, tmp_path, capsys, settings, monkeypatch
):
    monkeypatch.setattr(lying, "own_database", nullcontext)  # the test's is one
    settings.LETTER_CALLS_AT_ONCE = 1  # in the transaction of the test
    call_command("evaluate", "cases", text_bundle.parent, out=tmp_path, pipeline="parallel", simulated_lies=0.5, seed=7)
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert figures["lies"] >= 5
    assert figures["in_released_letters"] == 0
    assert (tmp_path / SAMPLE.name / "letter.json").is_file()
