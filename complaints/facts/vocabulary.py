"""The words by which papers tell what happened on a date, by class of happening.

A rule names the happening that its words tell of and the actor who naturally does it; the words nearest to a date
decide. Verbs and nouns are listed by class, for all taxes alike.
"""

import re
from dataclasses import dataclass

from complaints.facts.records import Actor, EventKind
from complaints.facts.things import APPLICATION, CLAIM, GOT, LETTERS, RETURN, SENT


@dataclass(frozen=True, slots=True)
class Rule:
    """Words of one happening. `actor` None: whoever the subject or possessor is."""

    kind: EventKind
    pattern: re.Pattern[str]
    actor: Actor | None
    weight: int = 0  # taken off the distance: specific words beat general ones at the same place


def _rule(kind: EventKind, words: str, actor: Actor | None = None, weight: int = 0) -> Rule:
    inside = words.replace("[^.;]", r"(?:[^.;]|\.(?=\d))")
    return Rule(kind, re.compile(rf"\b(?:{inside})", re.I), actor, weight)


RULES: tuple[Rule, ...] = (
    _rule(
        "review_requested",
        r"(?:request(?:ed|s)? (?:for )?(?:a )?second(?:[- ]tier)? review|second review request|"
        r"asked for a second review|second[- ]tier complaint|tier (?:2|two) (?:complaint|"
        r"request)|escalat\w+)",
        None,
        14,
    ),
    _rule(
        "complaint_made",
        r"(?:(?:formal |first[- ]tier |tier (?:1|one) |our |your |the |original |initial "
        r")*complaint\b(?! (?:handler|team|response|reply|outcome|decision))|complained|"
        r"complain)",
        None,
        8,
    ),
    _rule(
        "complaint_reply",
        r"(?:complaint (?:response|reply|outcome|decision)|(?:first|second)[- ]tier (?:reply|"
        r"response|outcome|decision)|(?:reply|response|answer|outcome|decision) (?:to|on|"
        r"of) (?:the|our|your|my) complaint|tier (?:1|2|one|two) (?:reply|response|outcome)"
        r")",
        "hmrc",
        16,
    ),
    _rule(
        "return_received",
        rf"{RETURN}\b[^.;]{{0,70}}?\b{GOT}|{GOT}(?: by (?:us|hmrc))?(?= (?:on )?\d{{1,2}}\b[^.;]"
        rf"{{0,20}}in the post ?room)|logged as received",
        "hmrc",
        12,
    ),
    _rule(
        "return_received",
        r"(?:invoices|vouchers|documents|records|evidence|information|forms?(?: 64-?8)?|disclosure|representations"
        r"|papers|"
        r"schedules|letters?|request|reply|appeal)\b[^.;]{0,60}?\b(?:reached (?:us|this office|hmrc|me)|(?:which"
        r"|that|and) "
        r"(?:we|i|hmrc) received|(?:was|were) received (?:by (?:us|hmrc)|here)|arrived (?:here|with us))",
        "hmrc",
        14,
    ),
    _rule(
        "notice_issued",
        r"(?:sent|issued) (?:out )?(?:\w+ ){0,3}notices?\b",
        "hmrc",
        14,
    ),
    _rule(
        "assessment_issued",
        r"(?:interest|surcharge|tax|duty|account|sum)\b[^.;]{0,40}?\b(?:was|were|been)? ?charged",
        "hmrc",
        10,
    ),
    _rule("statement_issued", r"(?:online |account |vat |paye )*statements?(?= (?:of|dated)\b)", "hmrc", 6),
    _rule(
        "documents_requested",
        r"(?:records|documents|invoices|vouchers|evidence|information|papers|schedules) (?:that |which )?(?:we|you"
        r"|they|hmrc"
        r"|i) (?:had )?(?:asked (?:you )?for|requested)",
        "hmrc",
        16,
    ),
    _rule(
        "application_made",
        r"(?:application to (?:the )?[^.;]{0,60}?\b(?:made|sent|lodged|filed)|request for (?:a |an )?(?:statutory "
        r"|independent )?"
        r"review(?! of (?:the|our|your|my) complaint)|(?:online |new |further )?requests?(?= (?:of|dated)\b)"
        r"|(?:asked|applied) for\b(?=[^.;]{0,60}$)|(?:asked|applied) for (?:inacti\w+|\w+ status|registration|time"
        r" to pay))",
        None,
        10,
    ),
    _rule(
        "application_made",
        r"(?:requests?|requested|asked|asking) (?:us )?(?:for )?(?:a |an )?(?:statutory |independent )?review"
        r"(?! of (?:the|our|your|my) complaint)(?: of (?:the |a )?(?:penalty|decision|assessment)[^.;]{0,40})?",
        None,
        14,
    ),
    _rule(
        "other",
        r"(?:you|hmrc|we) (?:have |had )?(?:recorded|noted|registered|acknowledged) (?:it|this|that"
        r"|the)\b",
        "hmrc",
        8,
    ),
    _rule("application_received", rf"{APPLICATION}\b[^.;]{{0,40}}?\b{GOT}", "hmrc", 12),
    _rule("complaint_received", r"(?:received|had|got) (?:your|the|this|our|a) (?:\w+ )?complaint\b", "hmrc", 24),
    _rule("application_received", r"(?:received|had|got) (?:your|the|an?|this) (?:\w+ )?application\b", "hmrc", 14),
    _rule("complaint_received", rf"complaint\b[^.;]{{0,40}}?\b{GOT}", "hmrc", 14),
    _rule(
        "claim_made",
        rf"{CLAIM}\b[^.;]{{0,40}}?\b(?:{SENT}|{GOT})|{CLAIM}(?= (?:of|dated)\b)|claims?\b[^.;]"
        rf"{{0,60}}?\b{SENT}|claimed",
        None,
        12,
    ),
    _rule(
        "return_filed",
        rf"{RETURN}\b[^.;]{{0,50}}?\b{SENT}|filed|(?:re)?submitted (?:the|our|a|an|her|his|"
        rf"their) (?:\S+ ){{0,4}}?{RETURN}|{RETURN}(?= (?:of|dated)\b)|{SENT}\b[^.;]{{0,40}}?\b{RETURN}",
        None,
        8,
    ),
    _rule(
        "application_made",
        rf"{APPLICATION}\b[^.;]{{0,40}}?\b{SENT}|applied|{APPLICATION}(?= (?:of|dated)\b)"
        rf"|{APPLICATION} \((?:sent|filed|posted)",
        None,
        10,
    ),
    _rule("appeal_made", r"(?:appeal(?:ed|s)?)\b(?! (?:period|right|within|must))", None, 6),
    _rule(
        "tribunal_decision",
        r"(?:tribunal(?:'s)?\b[^.;]{0,50}?\b(?:decision|decided|allowed|dismissed|directed|"
        r"released|hearing|heard)|(?:hearing|heard) (?:on|before)|decision released)",
        "third_party",
        12,
    ),
    _rule(
        "documents_sent",
        r"(?:p45|p46(?:\(car\))?|p60|p11d|starter checklist|evidence|vouchers?|documents?|"
        r"records|papers|form \w+|authority|attachments?|schedules?|bank statements?|information|"
        r"particulars|details)\b[^.;]{0,40}?\b"
        + SENT
        + (
            rf"|{SENT}\b[^.;]{{0,50}}?\b(?:evidence|vouchers?|documents?|records|papers|authority|"
            rf"bank statements?|information|copies|copy)"
        ),
        None,
        8,
    ),
    _rule(
        "documents_requested",
        r"(?:asked|requested|requir\w+|call(?:ed|ing) for)\b[^.;]{0,40}?\b(?:documents?|"
        r"vouchers?|evidence|information|records|originals?|papers|duplicate)\b|information "
        r"(?:request|notice)|schedule 36",
        "hmrc",
        6,
    ),
    _rule("documents_lost", r"(?:mislaid|lost (?:the|our|your)|no trace of|could not find|cannot trace)", "hmrc", 4),
    _rule(
        "penalty_issued",
        r"(?:penalt(?:y|ies)\b[^.;]{0,40}?\b(?:issued|charged|imposed|raised)|penalt(?:y|ies)\b(?: notices?| "
        r"assessments?| determinations?)?(?! (?:of £|totalling))|fined)",
        "hmrc",
        4,
    ),
    _rule(
        "coding_notice",
        r"(?:coding notices?|notices? of coding|tax code notices?|p2\b|p6\b|p9t?\b|code\b[^.;]"
        r"{0,30}?\b(?:issued|notice)|notice(?= dated)[^.;]{0,0})",
        "hmrc",
        8,
    ),
    _rule("certificate_issued", r"(?:certificates?|cert\b)", "hmrc", 4),
    _rule("calculation_issued", r"(?:tax calculations?|calculations?\b|calculated|sa302|p800s?)", "hmrc", 4),
    _rule(
        "assessment_issued",
        r"(?:assessments?\b[^.;]{0,40}?\b(?:issued|raised|made)|(?:notices? of )?assessments?\b(?: received| "
        r"of\b| dated\b)?|assessed)",
        "hmrc",
        3,
    ),
    _rule(
        "demand_issued",
        r"(?:demand(?:s|ed)?|final notice|distraint|enforcement notice|debt (?:letter|notice)|payment request)",
        "hmrc",
        4,
    ),
    _rule(
        "enquiry_opened",
        r"(?:(?:enquiry|check|investigation|compliance check|inquiry)\b[^.;]{0,25}?\b(?:open\w*|"
        r"start\w*|beg[au]n|launched)|open\w* (?:an|the|its|a) (?:enquiry|check|compliance "
        r"check|investigation|inquiry)|notice of enquiry)",
        "hmrc",
        10,
    ),
    _rule(
        "enquiry_closed",
        r"(?:closure notice|(?:enquiry|check|investigation|inquiry)\b[^.;]{0,25}?\b(?:clos\w+|"
        r"conclud\w+|ended|complet\w+)|clos(?:ed|ing) (?:the|its|an) (?:enquiry|check|inquiry)"
        r")",
        "hmrc",
        10,
    ),
    _rule(
        "visit",
        r"(?:visit(?:s|ed)?\b|called at (?:the|our|her|his|their)\b|attended (?:the|our|"
        r"her|his|their) (?:premises|home|shop|house)|officers? (?:came|called|attended|"
        r"arrived))",
        "hmrc",
        8,
    ),
    _rule(
        "withdrawal",
        r"(?:withdrawn|withdrew|cancell?ed|vacated|set aside|discharged|quashed|waived|written "
        r"off|stood over|released from)",
        "hmrc",
        8,
    ),
    _rule("other", r"(?:loan|mortgage|overdraft)\b[^.;]{0,30}?\b(?:repaid|paid off|cleared)", "client", 16),
    _rule("documents_sent", r"uploaded", None, 8),
    _rule(
        "repayment_made",
        r"(?:repaid|refunded|(?:came|come|sent|paid|given|put) back\b|returned to (?:us|me|him|her|them|the)"
        r"|(?:repayment|refund)s?\b[^.;]{0,40}?\b(?:issued|made|sent|paid|"
        r"received|credited|arrived)|credited to (?:her|his|their|the|our) (?:bank )?account|"
        r"repayment received|refund received)",
        "hmrc",
        9,
    ),
    _rule(
        "invoice_paid",
        r"(?:receipted|invoices?\b[^.;]{0,40}?\b(?:paid|settled)|paid (?:the |your |our "
        r"|this )?(?:invoice|bill|fee note|registrar|fees?)|(?:met|settled) by\b|paid by (?:debit|credit|bank|"
        r"card|cheque|transfer)|settled|paid with thanks)",
        "client",
        9,
    ),
    _rule(
        "payment_to_hmrc",
        r"(?:payment\b[^.;]{0,40}?\b(?:received|made|cleared)|payments? (?:on account |received|"
        r"made|of tax|sent)|paid\b|payment\b|remitted|direct debit|pd\b|(?:tax|vat|duty|"
        r"nic|paye|sum|amount)\b[^.;]{0,30}?\bpaid)",
        "client",
        3,
    ),
    _rule("invoice_issued", r"(?:invoices?|fee notes?|invoiced|billed)\b(?! (?:paid|settled))", None, 3),
    _rule(
        "loan_agreed",
        r"(?:(?:facility|overdraft|loan|borrowing|credit|mortgage|bridging|advance)\b[^.;]"
        r"{0,60}?\b(?:agreed|arranged|granted|approved|drawn|drawdown|opened|set up|taken "
        r"out|provided|accepted|made (?:to|available)|paid (?:out|over|into|to)|advanced|lent|started|began|"
        r"(?:raised|increased|"
        r"extended)(?= to))|(?:raised|increased|extended) (?:the |her |his |our |my |your |their )?(?:overdraft|"
        r"facility|limit)|"
        r"borrowed|drawdown|took out|lent (?:me|us|him|her|them|you))",
        "client",
        10,
    ),
    _rule(
        "address_changed",
        r"(?:(?:changed|updated|amended|notified|told|moved|change of|new)\b[^.;]{0,40}?\b(?:address|"
        r"house|home)|address\b[^.;]{0,30}?\b(?:changed|updated|amended|notified)|moved "
        r"(?:to|house|home|out|in))",
        "client",
        10,
    ),
    _rule(
        "disclosure",
        r"(?:opened (?:my|her|his|our|their|the|a|it)\b|(?:was |were |been )?(?:opened|read(?: out)?|seen|found|"
        r"handed (?:in|over|to)) "
        r"by (?:\w+ ){0,3}(?:strangers?|neighbours?|tenants?|others?|occupiers?|people|owners?|landlords?|somebody|"
        r"someone)|"
        r"(?:was|were|been|being) read (?:out|aloud)|read (?:it|them) (?:out|aloud)|(?:was|were|been) (?:handed|"
        r"given|shown|passed|read|delivered) to (?:\w+ )?(?:strangers?|neighbours?|tenants?|somebody|someone)\b|"
        r"(?:gave|handed|showed|shown|"
        r"passed) (?:it |them |the \w+ )?to (?:me|us|her|him|a|the|somebody|"
        r"someone|my|our)\b(?=[^.;]{0,40}\b(?:shop|door|street|pub|counter|neighbour\w*|tenant\w*|work|office|"
        r"school))|messaged|photo of (?:a |the )?(?:letter|"
        r"notice)|(?:sent|posted|disclosed|e-?mailed|went) (?:it )?to (?:the wrong|an old|"
        r"another|somebody else|someone else|the old|a previous|her former|his former)|data "
        r"breach|breach)",
        None,
        9,
    ),
    _rule(
        "authority_given",
        r"(?:64-?8|agent authori[sz]ation|authority (?:to act )?(?:lodged|accepted|received|"
        r"sent|given|signed)|authori[sz]ed (?:us|the agent|you))",
        "client",
        8,
    ),
    _rule(
        "disposal",
        r"(?:handed back|gave (?:it |the car )?back|given back|given up|gave up|handed in "
        r"(?:the|her|his) (?:car|keys|notice)|sold|sale|complet(?:ed|ion)(?! of)|exchang(?:e|"
        r"ed) (?:of )?contracts?|disposed|disposal|died|death|passed away|ceased|cessation|"
        r"stopped trading|retired|left (?:the )?(?:employment|job|company)|emigrated|divorced|"
        r"separated|married|wound up|dissolved|struck off|birth of)",
        "client",
        8,
    ),
    _rule(
        "other",
        r"(?:(?:went|gone|moved|changed|put|flipped|dropped) back (?:to|on|onto|in)\b|revert(?:ed|s)\b|re-?appeared|"
        r"(?:was|were|been) (?:undone|overwritten|wiped|re-?opened|re-?charged|duplicated|merged)|"
        r"(?:happened|wrong|gone|charged|added|issued) (?:all over )?again|re-?ran\b|re-?run\b)",
        "hmrc",
        8,
    ),
    _rule(
        "other",
        r"(?:payable order|cheque|bacs|payment|order|repayment|refund)\b[^.;]{0,50}?\b(?:raised|issued|sent|"
        r"cancelled|stopped|"
        r"released|authorised|approved|returned)(?! (?:by (?:me|us|our)|to hmrc))",
        "hmrc",
        4,
    ),
    _rule(
        "other",
        r"(?:we|i|he|she|they) (?:then |duly |therefore )?did (?:so|this|that|it|as (?:we|i) were told)\b",
        None,
        10,
    ),
    _rule(
        "correction",
        r"(?:corrected|put right|rectified|amended|re-?issued|removed|reinstated|adjusted|"
        r"re-?allocated|reversed|fixed|updated)",
        "hmrc",
        5,
    ),
    _rule(
        "reply_received",
        r"(?:(?:arrived|came|in|got here|turned up)\b[^.;]{0,25}?\b(?:this morning's |today's |the |this )?post|"
        r"(?:letter|reply|decision|response|conclusion|notice|answer)\b[^.;]{0,50}?\b(?:came|arrived|landed|turned"
        r" up|got here|"
        r"delivered)|(?:came|arrived|received|got it) (?:only )?(?:today|this morning|yesterday)|(?:your|hmrc's"
        r"|the|their)"
        r" (?:reply|response|decision|letter)\b[^.;]{0,40}?\b(?:received|arrived|reached|"
        r"came)|we received (?:your|hmrc's|the|their) (?:letter|reply|response|decision)"
        r"|received (?:your|hmrc's|their) (?:letter|reply|response|decision))",
        None,
        12,
    ),
    _rule("webchat", r"(?:web ?chat(?:ted)?|live chat|online chat)", None, 6),
    _rule(
        "call",
        r"(?:(?:officer|adviser|inspector|caseworker) (?:told|said)|(?:tele)?phoned?\b|rang|"
        r"ring|calls?\b(?! (?:ref|reference|log|note))|called\b(?! at)|spoke|conversation|"
        r"helpline|(?:he|she|it|they) said|telephone advice|advice\b|told (?:us|me|our|the)\b|advised (?:us|me)|"
        r"agent line)",
        None,
        2,
    ),
    _rule("registration", r"(?:registered|registration\b(?! (?:number|no|service|date|from)))", "hmrc", 2),
    _rule(
        "letter_to_hmrc", r"(?:told|informed|notified|warned) (?:of|about) (?:it|this|that|them|the \w+)\b", "agent", 10
    ),
    _rule("letter_to_hmrc", rf"{LETTERS}\b|wrote\b|written\b|writing\b", None, 1),
    _rule("letter_from_hmrc", r"(?<=[,)] )dated", "hmrc", -60),
    _rule(
        "account_checked",
        r"(?:check(?:ed)? (?:the |his |her |their |our |my |its )?(?:\w+ )?account|looked "
        r"at (?:the |his |her |their |our |my )?(?:\w+ )?account)",
        None,
        9,
    ),
    _rule("charge_incurred", r"(?:charged|incurred|fee of|cost of|arrangement fee)", "client", 2),
    _rule(
        "other", r"(?:approved|accepted|signed|agreed|received|refused|rejected|issued|raised|keyed|scanned)", None, -6
    ),
)
