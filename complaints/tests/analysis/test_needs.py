import pytest

from complaints.tests.analysis.cases import Case


def told(words: str, *, later: bool = True) -> Case:
    case = Case().doc("ours.docx", "agent_letter", "2025-01-13", by="agent")
    case.event("letter_to_hmrc", "2025-01-13", "ours.docx", by="agent", quote="Our letter of 13 January 2025")
    case.said("quotation", "ours.docx", words, by="agent")
    if later:
        case.doc("notice.pdf", "hmrc_letter", "2025-03-10").event("letter_from_hmrc", "2025-03-10", "notice.pdf")
    return case


def failings(case: Case) -> set[str]:
    return {b.failing for b in case.analyse().breaches}


def cited(case: Case) -> set[str]:
    return {section for b in case.analyse().breaches for section in b.guidance}


@pytest.mark.parametrize(
    "words",
    [
        "He is profoundly deaf.",
        "She is hard of hearing and asks for letters.",
        "Please write in large print.",
        "He cannot use the telephone.",
        "Our client has dementia and his daughter deals with her post.",
        "She is registered blind.",
        "He has a learning disability.",
        "The director is dyslexic and asks for plain words.",
        "She needs an interpreter.",
        "He is housebound since his stroke.",
    ],
)
def test_a_need_that_hmrc_was_told_of_and_passed_over_is_a_failing(words: str) -> None:
    assert "personal_situation_ignored" in failings(told(words))


@pytest.mark.parametrize("words", ["The claim fell on deaf ears last year?", "Please reply in writing."])
def test_a_need_is_no_failing_where_hmrc_has_written_nothing_since(words: str) -> None:
    assert "personal_situation_ignored" not in failings(told(words, later=False))


def test_needs_alone_are_no_distress() -> None:
    allowed = {r.kind for r in told("He is profoundly deaf.").analyse().remedies if r.allowed}
    assert "worry_and_distress" not in allowed


@pytest.mark.parametrize(
    "words",
    [
        "You wrote directly to our client on 3 March.",
        "An officer telephoned the director direct.",
        "HMRC sent the demand straight to our client.",
        "The officer bypassed us.",
        "The notice was issued without copying us.",
        "HMRC contacted the executors directly.",
        "The adviser refused to speak to the attorney.",
        "They declined to deal with us.",
        "You rang the trustee instead of us.",
        "It was not copied to us.",
    ],
)
def test_going_past_the_agent_is_a_failing(words: str) -> None:
    assert "agent_not_recognised" in failings(told(words))


@pytest.mark.parametrize(
    ("words", "section"),
    [
        ("The goods were damaged during HMRC's examination.", "CRG5600"),
        ("Two pallets went missing while detained by Border Force.", "CRG5600"),
        ("The vehicle was returned broken after the search by officers.", "CRG5600"),
        ("Our client's stock perished in detention.", "CRG5600"),
        ("The consignment was lost in HMRC custody.", "CRG5600"),
        ("The bailiff sold the van although the debt was paid.", "CRG5625"),
        ("Enforcement officers took control of stock and it was auctioned.", "CRG5625"),
        ("The equipment was disposed of under a controlled goods agreement.", "CRG5625"),
    ],
)
def test_goods_harmed_or_sold_are_held_against_the_section_about_them(words: str, section: str) -> None:
    assert section in cited(told(words))


def test_a_check_on_the_word_of_others_is_held_against_the_section_about_that() -> None:
    case = Case().doc("open.pdf", "hmrc_letter", "2024-03-04").event("enquiry_opened", "2024-03-04", "open.pdf")
    case.said("quotation", "open.pdf", "Your bank has reported interest that is not on the return.")
    case.doc("ours.docx", "agent_letter", "2024-09-02", by="agent")
    case.event("letter_to_hmrc", "2024-09-02", "ours.docx", by="agent", quote="Our letter asks for the end.")
    assert "CRG3125" in cited(case)
