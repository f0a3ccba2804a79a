"""The words by which papers tell what happened on a date, by class of happening.

A rule names the happening that its words tell of and the actor who naturally does it; the words nearest to a date
decide. Verbs and nouns are listed by class, for all taxes alike.
"""

import re
from dataclasses import dataclass

from complaints.facts.records import Actor, EventKind

RETURN = (
    r"(?:(?:tax |vat |paye |self assessment |company tax |corporation tax |land transaction |cgt |property |sdlt |cis |estate |trust |partnership |"
    r"inheritance tax |final )*returns?|sa\d{3}|ct600|p11d(?:\(b\))?|p35|fps|eps|rti (?:return|submission)s?|cis300|vat100|iht\d{3}|sdlt1|"
    r"full payment submissions?|accounts|submissions?|corrected figures|amend(?:ed|ment to the) (?:return|figures))"
)
CLAIM = r"(?:(?:repayment |loss |relief |refund |carry[- ]back |overpayment relief |r&d |grant |seiss |cjrs |vat |error )*claims?|r40|p87|p50|p53\w?|p55|r43|c285|vat652|form 64-?8)"
APPLICATION = r"(?:(?:vat1|vat registration |registration |eori |gross payment |deferment )?applications?|vat1|ct41g|sa1|tr1|cwf1|cis30\d|registration forms?)"
LETTERS = r"(?:letters?|correspondence|e-?mails?|fax(?:es)?|ltrs?|chasers?|reminders?|note|reply|replies|response)"
HMRC_NOTICE = r"(?:notices?|determinations?|decisions?)"
SENT = r"(?:sent|posted|filed|submitted|lodged|delivered|made|went (?:in|off|online)|put in|uploaded|handed in|e-?mailed|dispatched|despatched|transmitted|e-?filed|completed online)"
GOT = r"(?:received|logged(?: as received)?|reached|arriv\w+|landed|came in|stamped|scanned|acknowledged|delivered|turned up|signed for)"


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
        r"(?:request(?:ed|s)? (?:for )?(?:a )?second(?:[- ]tier)? review|second review request|asked for a second review|second[- ]tier complaint|tier (?:2|two) (?:complaint|request)|escalat\w+)",
        None,
        14,
    ),
    _rule(
        "complaint_made",
        r"(?:(?:formal |first[- ]tier |tier (?:1|one) |our |your |the |original |initial )*complaint\b(?! (?:handler|team|response|reply|outcome|decision))|complained|complain)",
        None,
        8,
    ),
    _rule(
        "complaint_reply",
        r"(?:complaint (?:response|reply|outcome|decision)|(?:first|second)[- ]tier (?:reply|response|outcome|decision)|(?:reply|response|answer|outcome|decision) (?:to|on|of) (?:the|our|your|my) complaint|tier (?:1|2|one|two) (?:reply|response|outcome))",
        "hmrc",
        16,
    ),
    _rule(
        "return_received",
        rf"{RETURN}\b[^.;]{{0,70}}?\b{GOT}|{GOT}(?: by (?:us|hmrc))?(?= (?:on )?\d{{1,2}}\b[^.;]{{0,20}}in the post ?room)|logged as received",
        "hmrc",
        12,
    ),
    _rule("application_received", rf"{APPLICATION}\b[^.;]{{0,40}}?\b{GOT}", "hmrc", 12),
    _rule("complaint_received", rf"complaint\b[^.;]{{0,40}}?\b{GOT}", "hmrc", 14),
    _rule("claim_made", rf"{CLAIM}\b[^.;]{{0,40}}?\b(?:{SENT}|{GOT})|{CLAIM}(?= (?:of|dated)\b)|claims?\b[^.;]{{0,60}}?\b{SENT}|claimed", None, 12),
    _rule(
        "return_filed",
        rf"{RETURN}\b[^.;]{{0,50}}?\b{SENT}|filed|(?:re)?submitted (?:the|our|a|an|her|his|their) (?:\S+ ){{0,4}}?{RETURN}|{RETURN}(?= (?:of|dated)\b)|{SENT}\b[^.;]{{0,40}}?\b{RETURN}",
        None,
        8,
    ),
    _rule(
        "application_made",
        rf"{APPLICATION}\b[^.;]{{0,40}}?\b{SENT}|applied|{APPLICATION}(?= (?:of|dated)\b)|{APPLICATION} \((?:sent|filed|posted)",
        None,
        10,
    ),
    _rule("appeal_made", r"(?:appeal(?:ed|s)?)\b(?! (?:period|right|within|must))", None, 6),
    _rule(
        "tribunal_decision",
        r"(?:tribunal(?:'s)?\b[^.;]{0,50}?\b(?:decision|decided|allowed|dismissed|directed|released|hearing|heard)|(?:hearing|heard) (?:on|before)|decision released)",
        "third_party",
        12,
    ),
    _rule(
        "documents_sent",
        r"(?:p45|p46(?:\(car\))?|p60|p11d|starter checklist|evidence|vouchers?|documents?|records|papers|form \w+|authority|attachments?|schedules?|bank statements?|information|particulars|details)\b[^.;]{0,40}?\b"
        + SENT
        + rf"|{SENT}\b[^.;]{{0,50}}?\b(?:evidence|vouchers?|documents?|records|papers|authority|bank statements?|information|copies|copy)",
        None,
        8,
    ),
    _rule(
        "documents_requested",
        r"(?:asked|requested|requir\w+|call(?:ed|ing) for)\b[^.;]{0,40}?\b(?:documents?|vouchers?|evidence|information|records|originals?|papers|duplicate)\b|information (?:request|notice)|schedule 36",
        "hmrc",
        6,
    ),
    _rule("documents_lost", r"(?:mislaid|lost (?:the|our|your)|no trace of|could not find|cannot trace)", "hmrc", 4),
    _rule(
        "penalty_issued",
        r"(?:penalt(?:y|ies)\b(?: notices?| assessments?| determinations?)?(?: (?:of|totalling) [^;]{0,20}?(?:was|were)? ?(?:issued|charged|imposed|raised))?(?! (?:of £|totalling))|penalt(?:y|ies)\b[^.;]{0,40}?\b(?:issued|charged|imposed|raised)|fined)",
        "hmrc",
        4,
    ),
    _rule(
        "coding_notice",
        r"(?:coding notices?|notices? of coding|tax code notices?|p2\b|p6\b|p9t?\b|code\b[^.;]{0,30}?\b(?:issued|notice)|notice(?= dated)[^.;]{0,0})",
        "hmrc",
        8,
    ),
    _rule("certificate_issued", r"(?:certificates?|cert\b)", "hmrc", 4),
    _rule("calculation_issued", r"(?:tax calculations?|calculations?\b|calculated|sa302|p800s?)", "hmrc", 4),
    _rule(
        "assessment_issued",
        r"(?:(?:notices? of )?assessments?\b(?: received| issued| raised| made| of\b| dated\b)?|assessments?\b[^.;]{0,40}?\b(?:issued|raised|made)|assessed)",
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
        r"(?:(?:enquiry|check|investigation|compliance check|inquiry)\b[^.;]{0,25}?\b(?:open\w*|start\w*|beg[au]n|launched)|open\w* (?:an|the|its|a) (?:enquiry|check|compliance check|investigation|inquiry)|notice of enquiry)",
        "hmrc",
        10,
    ),
    _rule(
        "enquiry_closed",
        r"(?:closure notice|(?:enquiry|check|investigation|inquiry)\b[^.;]{0,25}?\b(?:clos\w+|conclud\w+|ended|complet\w+)|clos(?:ed|ing) (?:the|its|an) (?:enquiry|check|inquiry))",
        "hmrc",
        10,
    ),
    _rule(
        "visit",
        r"(?:visit(?:s|ed)?\b|called at (?:the|our|her|his|their)\b|attended (?:the|our|her|his|their) (?:premises|home|shop|house)|officers? (?:came|called|attended|arrived))",
        "hmrc",
        8,
    ),
    _rule(
        "withdrawal",
        r"(?:withdrawn|withdrew|cancell?ed|vacated|set aside|discharged|quashed|waived|written off|stood over|released from)",
        "hmrc",
        8,
    ),
    _rule(
        "repayment_made",
        r"(?:repaid|refunded|(?:repayment|refund)s?\b[^.;]{0,40}?\b(?:issued|made|sent|paid|received|credited|arrived)|credited to (?:her|his|their|the|our) (?:bank )?account|repayment received|refund received)",
        "hmrc",
        9,
    ),
    _rule(
        "invoice_paid",
        r"(?:receipted|invoices?\b[^.;]{0,40}?\b(?:paid|settled)|paid (?:the |your |our |this )?(?:invoice|bill|fee note|registrar|fees?)|paid by (?:debit|credit|bank|card|cheque|transfer)|settled|paid with thanks)",
        "client",
        9,
    ),
    _rule(
        "payment_to_hmrc",
        r"(?:payment\b[^.;]{0,40}?\b(?:received|made|cleared)|payments? (?:on account |received|made|of tax|sent)|paid\b|payment\b|remitted|direct debit|pd\b|(?:tax|vat|duty|nic|paye|sum|amount)\b[^.;]{0,30}?\bpaid)",
        "client",
        3,
    ),
    _rule("invoice_issued", r"(?:invoices?|fee notes?|invoiced|billed)\b(?! (?:paid|settled))", None, 3),
    _rule(
        "loan_agreed",
        r"(?:(?:facility|overdraft|loan|borrowing|credit|mortgage|bridging|advance)\b[^.;]{0,60}?\b(?:agreed|arranged|granted|approved|drawn|drawdown|opened|set up|taken out|provided|accepted)|borrowed|drawdown|took out)",
        "client",
        10,
    ),
    _rule(
        "address_changed",
        r"(?:(?:changed|updated|amended|notified|told|moved|change of|new)\b[^.;]{0,40}?\b(?:address|house|home)|address\b[^.;]{0,30}?\b(?:changed|updated|amended|notified)|moved (?:to|house|home|out|in))",
        "client",
        10,
    ),
    _rule(
        "disclosure",
        r"(?:opened (?:my|her|his|our|their|the|a|it)\b|messaged|photo of (?:a |the )?(?:letter|notice)|(?:sent|posted|disclosed|e-?mailed|went) (?:it )?to (?:the wrong|an old|another|somebody else|someone else|the old|a previous|her former|his former)|data breach|breach)",
        None,
        9,
    ),
    _rule(
        "authority_given",
        r"(?:64-?8|agent authori[sz]ation|authority (?:to act )?(?:lodged|accepted|received|sent|given|signed)|authori[sz]ed (?:us|the agent|you))",
        "client",
        8,
    ),
    _rule(
        "disposal",
        r"(?:handed back|gave (?:it |the car )?back|given back|given up|gave up|handed in (?:the|her|his) (?:car|keys|notice)|sold|sale|complet(?:ed|ion)(?! of)|exchang(?:e|ed) (?:of )?contracts?|disposed|disposal|died|death|passed away|ceased|cessation|stopped trading|retired|left (?:the )?(?:employment|job|company)|emigrated|divorced|separated|married|wound up|dissolved|struck off|birth of)",
        "client",
        8,
    ),
    _rule(
        "correction",
        r"(?:corrected|put right|rectified|amended|re-?issued|removed|reinstated|adjusted|re-?allocated|reversed|fixed|updated)",
        "hmrc",
        5,
    ),
    _rule(
        "reply_received",
        r"(?:arrived in (?:this morning's |today's |the )?post|(?:your|hmrc's|the|their) (?:reply|response|decision|letter)\b[^.;]{0,40}?\b(?:received|arrived|reached|came)|we received (?:your|hmrc's|the|their) (?:letter|reply|response|decision)|received (?:your|hmrc's|their) (?:letter|reply|response|decision))",
        None,
        12,
    ),
    _rule("webchat", r"(?:web ?chat(?:ted)?|live chat|online chat)", None, 6),
    _rule(
        "call",
        r"(?:(?:officer|adviser|inspector|caseworker) (?:told|said)|(?:tele)?phoned?\b|rang|ring|calls?\b(?! (?:ref|reference|log|note))|called\b(?! at)|spoke|conversation|helpline|telephone advice|advice\b|told (?:us|me|our|the)\b|advised (?:us|me)|agent line)",
        None,
        2,
    ),
    _rule("registration", r"(?:registered|registration\b(?! (?:number|no|service|date|from)))", "hmrc", 2),
    _rule("letter_to_hmrc", rf"{LETTERS}\b|wrote\b|written\b|writing\b", None, 1),
    _rule("letter_from_hmrc", r"(?<=[,)] )dated", "hmrc", -60),
    _rule(
        "account_checked",
        r"(?:check(?:ed)? (?:the |his |her |their |our |my |its )?(?:\w+ )?account|looked at (?:the |his |her |their |our |my )?(?:\w+ )?account)",
        None,
        9,
    ),
    _rule("charge_incurred", r"(?:charged|incurred|fee of|cost of|arrangement fee)", "client", 2),
    _rule(
        "other", r"(?:approved|accepted|signed|agreed|received|refused|rejected|issued|raised|keyed|scanned)", None, -6
    ),
)

# Right before a date these words say that the date is not a day on which something was done.
NOT_A_HAPPENING = re.compile(
    r"(?:\b(?:from|until|till|to|by|before|after|for|since|between|ended|ending|end(?:s)?|ye|y/e|as at|as of|up to|through|expires?|expired?|due|beginning|"
    r"commencing|starting|effective(?: from| date(?: of registration)?(?: of)?)?|effective date of|date of birth|dob|born|born on|asked for|"
    r"should be|show(?:s|ed|n)?(?: edr)?|edr|gives?|gave|keyed|instead of|not|year|years|period|periods|quarter|month|week|on or before|no later than|not later than|"
    r"with effect|wef|payable|deadline|limit|next|falls? (?:due )?on|due on|expires? on|ends? on|first return|is|was|be|as)|[-–])\s*(?:the\s*)?$",
    re.I,
)
PERIOD_AFTER = re.compile(r"^\s*(?:-|–|to|until|and ending)\s*(?:the\s+)?(?:\d|[a-z]+day\b)", re.I)
AHEAD = re.compile(
    r"\b(?:will|shall|must|should be paid|is due|are due|was due|were due|payable|no later than|deadline|expires?|would be due|to be paid|if sent)\b",
    re.I,
)
