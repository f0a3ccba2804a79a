"""Forms, slips and the papers of third parties: what they are, whose they are, and what their sums are."""

import pytest

from complaints.facts.words import Actor, DocumentKind, EventKind
from complaints.tests.facts.papers import happened, intake, money, read

_TO = "Mr G Pennyfeather\n1 The Lane\nLudlow SY8 9ZZ\n"
FORMS: list[tuple[str, DocumentKind, Actor]] = [
    (f"Vale & Teme Credit Union | 9 Mill Street\nLudlow SY8 9VK\n1 October 2025\n{_TO}Your loan: statement\n"
     "A loan of £2,000.00 was made to you on 30 July 2025.", "bank_letter", "third_party"),
    ("State Pension forecast\n\nMr G Pennyfeather | Department for Work and Pensions\n14 November 2025\n"
     "The forecast is based on the National Insurance record held by HM Revenue and Customs.",
     "third_party_letter", "third_party"),
    ("Your National Insurance record\n\nGareth Pennyfeather QQ 12 34 56 C\nPrinted 11 February 2025\n"
     "2 years are not full.", "hmrc_statement", "hmrc"),
    ("Employer liabilities and payments\n\nPennyfeather Ltd 916/AB1 Viewed 26/11/2024\n\n"
     "Date | Description | Charge\n20/11/2024 Payment received, thank you | 374.20", "hmrc_statement", "hmrc"),
    ("Payment receipt\n\nSelf Assessment\n\nPaid by | G Pennyfeather\nDate | 12 September 2025\nAmount | £923.00",
     "hmrc_receipt", "hmrc"),
    ("HM Revenue & Customs\nChange of address: confirmation\n\nName | Mr G Pennyfeather\nChanged on | 2 September 2024",
     "hmrc_receipt", "hmrc"),
    ("P60 End of Year Certificate\n\nTax year to 5 April 2021\nEmployee | G Pennyfeather\nPay | £16,480.00",
     "other", "third_party"),
    (f"HM Revenue & Customs\nBX9 1AS\n{_TO}24 February 2026\nPenalty reference PL/1\nLate filing penalty £100.00\n"
     "The return was not received by 31 January 2026. You are charged a penalty of £100.00.", "hmrc_notice", "hmrc"),
    ("Ludlow Post Office\n\n06/03/2026 16:21\nSpecial Delivery Guaranteed, to BX9 1AS £8.75\nPaid by card | £8.75",
     "proof_of_delivery", "third_party"),
    (f"HM Revenue & Customs\nBX9 1AS\n{_TO}24 July 2025\nDear Mr Pennyfeather\nYour claim was received on 12 May 2025. "
     "It has been accepted in full.\nYours sincerely\nE Holt", "hmrc_letter", "hmrc"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "author"), FORMS)
def test_a_form_is_known_by_its_head(text: str, kind: DocumentKind, author: Actor) -> None:
    profile = read(text).profile
    assert (profile.kind, profile.author) == (kind, author)


DEEDS: list[tuple[int, str, EventKind, Actor]] = [
    (0, "2025-07-30", "loan_agreed", "client"),
    (2, "2025-02-11", "account_checked", "agent"),
    (3, "2024-11-20", "payment_to_hmrc", "client"),
    (4, "2025-09-12", "payment_to_hmrc", "client"),
    (5, "2024-09-02", "address_changed", "client"),
    (7, "2026-02-24", "penalty_issued", "hmrc"),
    (8, "2026-03-06", "charge_incurred", "client"),
]


@pytest.mark.parametrize(("form", "day", "kind", "actor"), DEEDS)
def test_a_form_tells_who_did_what(form: int, day: str, kind: EventKind, actor: Actor) -> None:
    assert (kind, actor) in happened(read(FORMS[form][0]), day)


@pytest.mark.parametrize(
    ("form", "role", "sums"), [(0, "loan", {"2000.00"}), (4, "tax_paid", {"923.00"}), (8, "direct_cost", {"8.75"})]
)
def test_a_form_gives_its_sums_their_role(form: int, role: str, sums: set[str]) -> None:
    assert money(read(FORMS[form][0]), role) == sums


MAIL = {
    "From": "Gareth Pennyfeather <gareth@pennyfeather.example>",
    "To": "Perpetua Lyle <p.lyle@oakshottlyle.example>",
    "Subject": "the letter",
    "Date": "Mon, 15 Sep 2025 19:28:00 +0100",
}


@pytest.mark.parametrize(
    "words",
    [
        "A letter from HMRC was opened by the new tenants on 8 September.",
        "My tax letter was read out in the shop on 8 September.",
        "The neighbours opened my letter from HMRC on 8 September and showed it round.",
        "On 8 September the letter was handed to somebody at the school gate.",
    ],
)
def test_post_that_strangers_opened_is_a_disclosure_by_them(words: str) -> None:
    assert ("disclosure", "third_party") in happened(read(words, intake(), "x.eml", MAIL), "2025-09-08")


@pytest.mark.parametrize(
    ("words", "role", "value"),
    [
        ("The ceiling is ruined, I would say £700.00 to put right.", "alleged_loss", "700.00"),
        ("The fence was damaged, about a day's work, £150.00 to repair.", "alleged_loss", "150.00"),
        ("You can add the £1,500.00 overdraft to the claim.", "loan", "1500.00"),
        ("My brother lent me £800.00 until it came.", "loan", "800.00"),
        ("The sum claimed is £12,360.00.", "repayment_claimed", "12360.00"),
    ],
)
def test_a_sum_of_the_clients_has_the_role_of_its_phrase(words: str, role: str, value: str) -> None:
    assert value in money(read(words, intake(), "x.eml", MAIL), role)


def test_a_day_a_few_weeks_ahead_of_its_paper_is_to_come() -> None:
    note = "Fri 17 January 2025, 10.10\nrang employer helpline\n20/1 nil return sent.\n3/2 second letter sent."
    facts = read(note, name="call note.txt")
    assert "2024-02-03" not in {event.date.isoformat() for event in facts.events}
    assert ("return_filed", "agent") in happened(facts, "2025-01-20")
    assert ("call", "agent") not in happened(facts, "2025-01-20")
