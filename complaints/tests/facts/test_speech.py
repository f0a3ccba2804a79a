"""Who speaks: notes of calls, webchats, e-mails that repeat older ones; days named by their distance."""

from complaints.tests.facts.papers import happened, intake, line, money, read

MAIL = {
    "From": "Ines Calloway <ines@callowaycraft.example>",
    "To": "Perpetua Lyle <p.lyle@oakshottlyle.example>",
    "Subject": "HMRC AGAIN",
    "Date": "Thu, 13 Mar 2025 19:02:00 +0000",
}


def test_relative_days_are_counted_from_the_day_of_the_email() -> None:
    text = """Perpetua

The letter came yesterday asking me to repay the SEISS grant of £4,512.00. I claimed on 18 May 2020.
Last Friday a man from Bellweather Collections rang me at work about it. I was so upset I had to go home.
I have spent 14 hours of my own time on this, that is £420.00. I reckon I lost about £2,000 of trade, say 2k.
"""
    facts = read(text, intake("Ines Calloway"), "x.eml", MAIL)
    assert ("reply_received", "client") in happened(facts, "2025-03-12")
    assert ("call", "third_party") in happened(facts, "2025-03-07")
    assert ("claim_made", "client") in happened(facts, "2020-05-18")
    assert money(facts, "grant") == {"4512.00"}
    assert money(facts, "own_time_claim") == {"420.00"}
    assert money(facts, "alleged_loss") == {"2000.00"}
    assert {"distress", "own_time"} <= {s.kind for s in facts.statements}


def test_words_of_an_older_email_belong_to_its_writer() -> None:
    text = """See below.

On 10 Mar 2025, Perpetua Lyle wrote:
> I sent HMRC the bank statements on 6 February 2025 by special delivery.
"""
    facts = read(text, intake("Ines Calloway"), "x.eml", MAIL)
    assert ("documents_sent", "agent") in happened(facts, "2025-02-06")
    assert all(not e.summary.endswith("wrote:") for e in facts.events)


def test_each_promise_of_a_call_has_its_own_day() -> None:
    text = """FILE NOTE  client T Arkwright   CIS refund
Tues 4 Nov 2025, 10.15 - 11.05, CIS helpline (35 mins wait)
Spoke to Deborah
Asked where the CIS refund of £3,906.00 is.
She said it had been stopped for verification and "should have been released in July".
She will escalate it today and someone will ring back within 5 working days.
I told her Ms Arkwright can't pay her van finance.
Call ref CIS-0411-882
"""
    facts = read(text, intake("Tamsin Arkwright"), "cis.txt")
    assert facts.profile.kind == "call_note"
    assert [(u.what, str(u.due_on)) for u in facts.undertakings] == [
        ("escalate it that day", "None"),
        ("ring back", "2025-11-11"),
    ]
    kinds = {s.kind for s in facts.statements}
    assert {"admission", "hardship", "told_hmrc_of_circumstances"} <= kinds
    assert line(facts, "2025-11-04", "call").startswith("We rang HMRC's CIS helpline: the adviser said ")
    assert ("call_ref", "CIS-0411-882") in {(r.kind, r.value) for r in facts.references}


def test_working_days_of_a_promise_follow_the_clients_nation() -> None:
    text = """CALL NOTE  28 Nov 2025  SA helpline
Spoke to Ann
She said the refund will be issued within 3 working days.
"""
    scotland = read(text, intake(nation="scotland"), "n.txt").undertakings[0]
    england = read(text, intake(), "n.txt").undertakings[0]
    assert (str(scotland.due_on), str(england.due_on)) == ("2025-12-04", "2025-12-03")


def test_a_webchat_line_without_a_name_belongs_to_the_last_speaker() -> None:
    text = """HMRC webchat transcript 12 May 2025
[09:01] You are now connected to Priya (Employers)
[09:02] Agent: The penalty notice is wrong.
[09:05] Priya: I can see that. It will be cancelled by 30 May 2025.
[09:06] Priya: I cannot log complaints here.
"""
    facts = read(text, intake("Tolverne Marine Limited", "company"), "chat.txt")
    assert facts.profile.kind == "webchat"
    assert [str(u.due_on) for u in facts.undertakings] == ["2025-05-30"]
    assert ("would_not_log", "hmrc") in {(s.kind, s.actor) for s in facts.statements}


def test_a_threat_and_a_condition_are_no_promises() -> None:
    text = """HM Revenue & Customs
Mr G Pennyfeather
4 Mill Lane
Ludlow SY8 9ZZ
Date 3 June 2025
Dear Mr Pennyfeather
If you do not pay, our officers will call within 7 days. You will need to send us a form within 14 days.
We will look at your claim shortly.
Yours sincerely
B Owen
"""
    assert [(u.what, u.due_on) for u in read(text).undertakings] == [("look at Mr Pennyfeather's claim shortly", None)]


def test_a_call_that_hmrc_made_is_told_so_and_its_admission_kept() -> None:
    text = """Attendance note
Client: Macallister R
Date: 3 September 2025   Time: 14:10-14:42
Attending: JM; HMRC officer: Mr Steven Frayne (Compliance)

Mr Frayne rang us. He accepted that the assessment of £3,340 raised on 1 August 2025 was wrong as the grant was counted
twice. He will write by 19 September 2025.
"""
    facts = read(text, intake("Rhona Macallister"), "note.docx")
    assert ("assessment_issued", "hmrc") in happened(facts, "2025-08-01")
    assert line(facts, "2025-09-03", "call").startswith("HMRC rang us")
    assert [str(u.due_on) for u in facts.undertakings] == ["2025-09-19"]
    assert "admission" in {s.kind for s in facts.statements}


def test_hmrc_mail_that_denies_authority_promises_us_an_answer() -> None:
    mail = {
        "From": "HMRC Webmail <no.reply@advice.hmrc.example>",
        "To": "Perpetua Lyle <p.lyle@oakshottlyle.example>",
        "Subject": "Your enquiry ref 88213377",
        "Date": "Tue, 1 Apr 2025 09:12:00 +0100",
    }
    text = """Dear Agent

I can confirm we hold no authority for your firm so I cannot discuss this.
We will contact you again within 15 working days.
"""
    facts = read(text, intake("Rhona Macallister", nation="scotland"), "reply.eml", mail)
    assert facts.profile.author == "hmrc"
    assert "authority_denied" in {s.kind for s in facts.statements}
    assert [(u.what, str(u.due_on)) for u in facts.undertakings] == [("contact us again", "2025-04-23")]
