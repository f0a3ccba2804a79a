"""The digest against the GOV.UK prints it was made from, and the loader against bad files."""

import re
from datetime import date

import pytest

from knowledge.digest import TOPICS, DigestError, build_section, load_digest, read_digest

WORD = re.compile(r"[a-z0-9£']+")
NUMBER = re.compile(r"£?\d[\d,]*(?:\.\d+)?")
COPIED_RUN = 12
ENTRY = {
    "id": "CRG4025",
    "title": "Delays: Introduction",
    "manual": "Complaints and Remedy Guidance",
    "requires": "Only an unreasonable delay is a mistake.",
    "topics": ["delay"],
    "url": "https://www.gov.uk/crg4025",
}
CHARTER_STANDARDS = (
    "Getting things right",
    "Making things easy",
    "Being responsive",
    "Treating you fairly",
    "Being aware of your personal situation",
    "Recognising that someone can represent you",
    "Keeping your data secure",
    "Mutual respect",
)


def words(text: str) -> list[str]:
    return WORD.findall(text.lower().replace("-", " "))


def runs(tokens: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(tokens[start : start + length]) for start in range(len(tokens) - length + 1)}


def test_every_page_of_the_folder_has_an_entry_and_the_other_way_round(page_names):
    assert set(page_names) == set(load_digest())


def test_each_title_and_id_is_the_one_its_page_prints(page_texts):
    for section in load_digest().values():
        heading = f"{section.id} - {section.title}" if section.id.startswith("CRG") else section.title
        assert heading.lower() in page_texts[section.id].lower(), heading


def test_each_url_is_the_one_its_page_was_printed_from(page_texts):
    for section in load_digest().values():
        assert section.url in page_texts[section.id].replace(" ", ""), section.id


def test_each_page_date_is_printed_on_its_page(page_texts):
    for section in load_digest().values():
        day = section.page_date
        printed = f"{day:%d/%m/%Y}" if section.page_date_role == "printed" else f"{day.day} {day:%B %Y}"
        assert printed in page_texts[section.id], section.id


def test_each_figure_stands_on_its_page(page_texts):
    missing = [
        (section.id, figure.value)
        for section in load_digest().values()
        for figure in section.figures
        if figure.value.lower() not in page_texts[section.id].lower()
    ]
    assert missing == []


def test_each_number_in_the_words_of_an_entry_stands_on_its_page(page_texts):
    missing = [
        (section.id, number)
        for section in load_digest().values()
        for number in NUMBER.findall(section.requires)
        if number.strip(",") not in page_texts[section.id]
    ]
    assert missing == []


def test_each_sum_of_money_on_a_page_is_a_figure_of_its_entry(page_texts):
    for section in load_digest().values():
        printed = set(re.findall(r"£\d[\d,]*", page_texts[section.id]))
        held = {figure.value.replace(",", "") for figure in section.figures}
        assert {value.replace(",", "") for value in printed} <= held, section.id


def test_no_entry_copies_a_run_of_words_from_its_page(page_texts):
    copied = {}
    for section in load_digest().values():
        shared = runs(words(section.requires), COPIED_RUN) & runs(words(page_texts[section.id]), COPIED_RUN)
        if shared:
            copied[section.id] = [" ".join(run) for run in sorted(shared)]
    assert copied == {}


def test_every_topic_of_the_vocabulary_is_used():
    assert {topic for section in load_digest().values() for topic in section.topics} == set(TOPICS)


def test_an_archived_page_is_never_citable():
    digest = load_digest()
    assert [section.id for section in digest.values() if section.archived] == ["CRG2075"]
    assert not digest["CRG2075"].citable
    assert not digest["CRG2075"].in_force(date(2025, 1, 1))


def test_the_charter_holds_its_eight_standards_and_is_not_in_force_before_its_date():
    charter = load_digest()["charter"]
    assert tuple(standard.name for standard in charter.standards) == CHARTER_STANDARDS
    assert all(name in charter.requires for name in CHARTER_STANDARDS)
    assert not charter.in_force(date(2024, 7, 29))
    assert charter.in_force(date(2024, 7, 30))


@pytest.mark.parametrize(
    ("tax", "postcode"),
    [
        ("income tax", "BX9 1AB"),
        ("self assessment", "BX9 1AB"),
        ("national insurance", "BX9 1AA"),
        ("employers", "BX9 1AA"),
        ("debt management", "BX9 1JT"),
        ("compliance check", "BX9 2AB"),
    ],
)
def test_the_postal_address_depends_on_the_tax(tax, postcode):
    matches = [address for address in load_digest()["make-a-complaint"].addresses if tax in address.taxes]
    assert [postcode in address.lines for address in matches] == [True]


@pytest.mark.parametrize("identifier", ["CRG4025", "CRG4050", "CRG5525", "CRG6125", "CRG6150", "charter"])
def test_a_section_about_time_without_a_number_says_so(identifier):
    assert re.search(r"(states|sets) no number of days", load_digest()[identifier].requires)


def test_each_entry_says_enough_to_be_relied_on():
    for section in load_digest().values():
        if section.citable:
            assert section.requires.count(". ") + section.requires.endswith(".") >= 2, section.id
            assert section.topics, section.id
            assert section.keywords, section.id


def test_the_same_entry_has_the_same_version_and_a_changed_one_another():
    first, again = build_section(ENTRY), build_section(dict(ENTRY))
    changed = build_section({**ENTRY, "requires": "Every delay is a mistake."})
    assert first.version == again.version
    assert first.version != changed.version


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"topics": ["nonsense"]}, "unknown topic nonsense"),
        ({"id": "CRG"}, "not one of a section"),
        ({"requires": " "}, "no requires"),
        ({"url": "https://example.org/crg4025"}, "not one of GOV.UK"),
        ({"page_date_role": "guessed"}, "unknown role"),
        ({"figures": [["", "a sum"]]}, "needs its value"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_id_and_the_fault(change, message):
    with pytest.raises(DigestError, match=message):
        build_section({**ENTRY, **change})


def test_a_missing_field_is_refused():
    entry = {key: value for key, value in ENTRY.items() if key != "title"}
    with pytest.raises(DigestError, match="CRG4025: 'title'"):
        build_section(entry)


def test_two_entries_with_one_id_are_refused(tmp_path):
    lines = [f"{key} = {value!r}".replace("'", '"') for key, value in ENTRY.items()]
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text("[[section]]\n" + "\n".join(lines), encoding="utf-8")
    with pytest.raises(DigestError, match="two entries"):
        read_digest(tmp_path)
