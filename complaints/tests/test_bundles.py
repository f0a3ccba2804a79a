import json

import pytest

from complaints.bundles import BundleError, load_bundle, parse_intake

CASE = {
    "practice": {
        "name": "Penhallow Reed LLP",
        "address": "3 Sandbar Yard, Exeter EX1 9VK",
        "hourly_rates": {"partner": "185.00"},
    },
    "client": {"name": "Rowan Achterberg", "kind": "individual", "nation": "england-and-wales", "references": []},
    "tax_head": "Self Assessment",
    "opened_on": "2026-01-19",
}


def changed(path, value):
    case = json.loads(json.dumps(CASE))
    target = case
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return case


def test_an_intake_is_read():
    intake = parse_intake(CASE)
    assert intake.client_name == "Rowan Achterberg"
    assert intake.opened_on.isoformat() == "2026-01-19"
    assert str(intake.hourly_rates[0][1]) == "185.00"


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("client", "kind"), "charity", "'kind' must be one of individual"),
        (("client", "nation"), "wales", "'nation' must be one of"),
        (("client", "name"), " ", "'name' must be a text that is not empty"),
        (("opened_on",), "19/01/2026", "opened_on must be a date such as"),
        (("opened_on",), "2035-01-01", "opened_on cannot be used: The bank holidays known"),
        (("practice", "hourly_rates"), {"partner": "lots"}, "hourly rate of partner must be an amount"),
        (("practice", "hourly_rates"), {"partner": "NaN"}, "must be between 0 and 100000"),
        (("practice", "hourly_rates"), ["185"], "practice.hourly_rates must be a JSON object"),
        (("client", "references"), [{"kind": "shoe_size", "value": "9"}], "reference kind 'shoe_size' is not known"),
        (("tax_head",), None, "'tax_head' must be a text"),
        (("brief",), "a\x00b", "NUL character"),
        (("client", "name"), "Rowan\x07", r"cannot be printed \(U\+0007\)"),
        (("client", "name"), "Rowan\ud800", r"cannot be printed \(U\+D800\)"),
        (("client", "name"), "Rowan\uffff", r"cannot be printed \(U\+FFFF\)"),
        (("client", "name"), "\u200b", "'name' must be a text that is not empty"),
        (("client", "name"), "R" * 201, "'name' is 201 characters long; 200 is the limit"),
        (("tax_head",), "T" * 201, "'tax_head' is 201 characters long"),
        (("practice", "name"), "P" * 201, "'name' is 201 characters long"),
        (("practice", "agent_reference"), "A" * 41, "'agent_reference' is 41 characters long; 40 is the limit"),
        (("practice", "hourly_rates"), {"part\x00ner": "1.00"}, "a grade in practice.hourly_rates holds a NUL"),
        (("practice", "hourly_rates"), {"g" * 61: "1.00"}, "a grade in hourly_rates is 61 characters long"),
        (("brief",), "b" * 50_001, "'brief' is 50001 characters long"),
        (("opened_on",), "x" * 5000, "^opened_on must be a date such as .{1,60}$"),
    ],
)
def test_a_fault_in_the_intake_is_named(path, value, told):
    with pytest.raises(BundleError, match=told):
        parse_intake(changed(path, value))


def test_a_folder_without_a_case_is_refused(tmp_path):
    with pytest.raises(BundleError, match=r"holds no case\.json"):
        load_bundle(tmp_path, max_file_bytes=10, max_files=10)


def test_a_case_that_is_not_json_is_refused(tmp_path):
    (tmp_path / "case.json").write_text("{")
    with pytest.raises(BundleError, match="not valid JSON"):
        load_bundle(tmp_path, max_file_bytes=10, max_files=10)


def test_a_bundle_without_papers_is_refused(tmp_path):
    (tmp_path / "case.json").write_text(json.dumps(CASE))
    with pytest.raises(BundleError, match="no documents in"):
        load_bundle(tmp_path, max_file_bytes=10, max_files=10)


def test_too_many_papers_are_refused(tmp_path):
    (tmp_path / "case.json").write_text(json.dumps(CASE))
    (tmp_path / "documents").mkdir()
    for number in range(3):
        (tmp_path / "documents" / f"{number}.txt").write_text("x")
    with pytest.raises(BundleError, match="3 documents are more than the limit of 2"):
        load_bundle(tmp_path, max_file_bytes=10, max_files=2)


def test_a_file_over_the_limit_is_named_without_its_bytes(tmp_path):
    (tmp_path / "case.json").write_text(json.dumps(CASE))
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "long.txt").write_text("x" * 11)
    (bundle_file,) = load_bundle(tmp_path, max_file_bytes=10, max_files=2).files
    assert (bundle_file.size, bundle_file.data) == (11, None)


def test_hidden_characters_leave_a_name_and_two_names_stay_two(tmp_path):
    (tmp_path / "case.json").write_text(json.dumps(CASE))
    (tmp_path / "documents").mkdir()
    for name in ("a b.txt", "a\u202eb.txt"):
        (tmp_path / "documents" / name).write_text("x")
    assert [file.name for file in load_bundle(tmp_path, max_file_bytes=10, max_files=2).files] == [
        "a b.txt",
        "2 a b.txt",
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"[" * 200_000, "nested too deeply"),
        (b'{"opened_on": ' + b"9" * 5000 + b"}", "not valid JSON"),
        (json.dumps(CASE).encode("utf-16"), "not valid JSON in UTF-8"),
    ],
)
def test_a_case_that_no_parser_takes_is_told_in_one_line(tmp_path, data, told):
    (tmp_path / "case.json").write_bytes(data)
    with pytest.raises(BundleError, match=told) as refusal:
        load_bundle(tmp_path, max_file_bytes=10, max_files=10)
    assert "\n" not in str(refusal.value)


def test_a_case_saved_with_a_byte_order_mark_is_read(tmp_path):
    write_bundle(tmp_path, {"a.txt": b"a"})
    (tmp_path / "case.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(CASE).encode())
    assert load_bundle(tmp_path, max_file_bytes=10, max_files=10).intake.client_name == "Rowan Achterberg"


def test_a_name_is_one_line():
    assert parse_intake(changed(("client", "name"), "Rowan\r\n\r\n Achterberg")).client_name == "Rowan Achterberg"


def test_papers_in_folders_are_taken_in_too(tmp_path):
    write_bundle(tmp_path, {"2024/a.txt": b"one", "2025/a.txt": b"two", "__MACOSX/a.txt": b"x", ".git/a.txt": b"y"})
    files = load_bundle(tmp_path, max_file_bytes=10, max_files=10).files
    assert [(file.name, file.data) for file in files] == [("a.txt", b"one"), ("2 a.txt", b"two")]


def write_bundle(folder, papers):
    (folder / "case.json").write_text(json.dumps(CASE))
    for name, data in papers.items():
        path = folder / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def test_a_link_out_of_the_bundle_is_not_followed(tmp_path):
    write_bundle(tmp_path, {"letter.txt": b"x"})
    (tmp_path / "documents" / "passwords.txt").symlink_to("/etc/passwd")
    with pytest.raises(BundleError, match=r"passwords.txt is a link"):
        load_bundle(tmp_path, max_file_bytes=1_000_000, max_files=10)
