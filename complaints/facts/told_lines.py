"""Set lines for things that papers mention with a date: who did what to which thing, for how much."""

import re

from complaints.facts.mentions import Mention
from complaints.facts.paper import Paper
from complaints.facts.records import EventKind
from complaints.facts.sound import quoted
from complaints.facts.view import flat
from complaints.facts.wording import exchange_pronouns, lower_first, reported, shorten, upper_first
from lightpoint.language.money import find_amounts, format_money

# What stands for a happening whose own words make no sentence, where nothing but its kind need be told.
PLAIN_LINES: dict[EventKind, str] = {
    "letter_to_hmrc": "{who} wrote to HMRC",
    "call": "{who} rang HMRC",
    "webchat": "{who} contacted HMRC by webchat",
    "complaint_made": "{who} complained to HMRC",
    "complaint_received": "HMRC received the complaint",
    "complaint_reply": "HMRC replied to the complaint",
    "review_requested": "{who} asked HMRC for a second review of the complaint",
    "appeal_made": "{who} appealed",
    "enquiry_opened": "HMRC opened an enquiry",
    "enquiry_closed": "HMRC closed its enquiry",
}
_PARTICIPLES = {
    "withdrawn": "withdrew", "written off": "wrote off", "made": "made", "sent": "sent", "paid": "paid",
    "repaid": "repaid", "put right": "put right", "lost": "lost", "given": "gave", "taken": "took", "begun": "began",
    "set aside": "set aside", "put on hold": "put on hold",
}  # fmt: skip
_PASSIVE = re.compile(
    r"^(?P<thing>(?:(?:the|a|an|its|his|her|their|our|late|penalt\w+|interest|tax|duty)\b|£).{2,110}?)\s+"
    rf"(?:was|were|had been|has been|have been)\s+(?P<verb>{'|'.join(_PARTICIPLES)}|\w+ed)\b(?P<rest>.*)$",
    re.I,
)
_HMRC_DOES: frozenset[EventKind] = frozenset(
    {"withdrawal", "correction", "repayment_made", "return_received", "application_received", "assessment_issued"}
)


def active(line: str, mention: Mention) -> str:
    """ "The demand was withdrawn" -> "HMRC withdrew the demand", where HMRC did it."""
    found = _PASSIVE.match(line) if mention.actor == "hmrc" and mention.kind in _HMRC_DOES else None
    if not found or re.search(r"\band\b[^,]*\b(?:was|were)\b|\bby (?!mistake|error|hand|post|phone)\w+", found["rest"]):
        return line
    verb = found["verb"].lower()
    thing = lower_first(found["thing"])
    if re.search(r"\b(?:was|were|had|has|which|who)\b", thing):
        return line
    return f"HMRC {_PARTICIPLES.get(verb, verb)} {thing}{found['rest']}"


def set_line(mention: Mention, who: str, paper: Paper) -> str:
    """The line of a class of happening whose parts are known: sums, things received, what was said in a call."""
    makers = {
        "repayment_made": _repaid,
        "payment_to_hmrc": _paid,
        "return_received": _received,
        "application_received": _received,
        "call": _told_in_call,
        "letter_to_hmrc": _letter,
        "statement_issued": _statement,
        "documents_requested": _asked,
        "assessment_issued": _charged,
        "application_made": _made,
        "claim_made": _made,
        "return_filed": _made,
        "documents_sent": _made,
        "invoice_paid": _met,
        "disposal": _disposed,
        "loan_agreed": _borrowed,
    }
    maker = makers.get(mention.kind)
    return maker(mention, who, paper) if maker else ""


def _clause(mention: Mention) -> str:
    """The sentence around the date, from the last stop before to the next stop after."""
    text = mention.unit.text
    begin = max((m.end() for m in re.finditer(r"[;:]\s|\.\s|\n\s*\n", text[: mention.when.start])), default=0)
    ends = [m.start() for m in re.finditer(r"[;:]\s|\.\s|\.$|\n\s*\n", text[mention.when.end :])]
    return text[begin : mention.when.end + ends[0] if ends else len(text)]


def _sum_in(mention: Mention) -> str:
    """The one sum of the sentence, or of those in it the one nearest to the deciding words."""
    clause = _clause(mention)
    sums = [a for a in find_amounts(clause) if a.explicit and not a.approximate]
    values = sorted({a.value for a in sums})
    return format_money(sums[0].value) if len(values) == 1 or (sums and "interest" in clause) else ""


def _repaid(mention: Mention, _who: str, _paper: Paper) -> str:
    clause = flat(_clause(mention))
    money = _sum_in(mention)
    interest = re.search(r"\bwith (£[\d,]+\.\d\d) (?:of )?interest\b|\bwith interest of (£[\d,]+\.\d\d)", clause, re.I)
    extra = f" with interest of {interest.group(1) or interest.group(2)}" if interest else ""
    return f"HMRC repaid {money}{extra}" if money else ""


def _paid(mention: Mention, who: str, _paper: Paper) -> str:
    clause = flat(_clause(mention))
    money = _sum_in(mention)
    protest = " under protest" if re.search(r"\bunder protest\b", clause, re.I) else ""
    received = mention.unit.speaker == "hmrc" and re.search(r"\b(?:received|posted|reached)\b", clause, re.I)
    if not money:
        return ""
    return f"HMRC received a payment of {money}" if received else f"{who} paid HMRC {money}{protest}"


def _borrowed(mention: Mention, _who: str, paper: Paper) -> str:
    """A loan taken or a limit raised, with its sum."""
    money = _sum_in(mention)
    borrower = upper_first(paper.client)
    if not money or mention.actor != "client":
        return ""
    if re.search(r"\b(?:limit|overdraft)\b", _clause(mention), re.I):
        return f"{borrower}'s overdraft limit was set at {money}"
    return f"{borrower} took out a loan of {money}"


_THING = re.compile(
    r"\b(?:the|your|our|a|an|this|my) ((?:\d+ )?(?:[\w&()-]+ ){0,3}?"
    r"(?:returns?|forms?(?: 64-?8)?|claims?(?: to repayment)?|"
    r"letters?|disclosure|applications?|invoices|vouchers|documents|records|evidence|information|appeals?|"
    r"requests?|"
    r"submission|payment summary|representations|papers|schedules|statements|cheque))\b",
    re.I,
)


def _received(mention: Mention, _who: str, paper: Paper) -> str:
    clause = flat(_clause(mention))
    found = _THING.search(clause)
    if not found or mention.unit.speaker != "hmrc":
        return ""
    thing = re.sub(r"^(?:thank|we|that|which|for|return) ", "", found.group(1), flags=re.I)
    owner = re.match(r"\W*your\b", found.group(0), re.I)
    whose = (
        {"agent": "our", "client": f"{paper.client}'s"}.get(paper.profile.recipient or "", "the") if owner else "the"
    )
    return f"HMRC received {whose} {thing}"


_TOLD = re.compile(
    r"\b(?:was|were) (?:told|advised)(?: (?:that|to))?\b|\b(?:told|advised) (?:us|me|our client|the client)\b"
    r"|\b(?:advis[eo]r|officer|helpline|line|it|they|she|he) (?:said|told|confirmed|agreed)\b",
    re.I,
)


def _told_in_call(mention: Mention, who: str, paper: Paper) -> str:
    """A call told later, with what was said in it as the paper has it."""
    clause = flat(_clause(mention))
    if (
        paper.profile.kind == "email"
        and mention.unit.speaker == "agent"
        and mention.when.date == paper.profile.written_on
    ):
        return _reported_call(mention, who, paper)
    if paper.profile.kind in {"call_note", "webchat"} or not _TOLD.search(clause):
        return ""
    source = upper_first(paper.profile.summary_name)
    return quoted(f"{who} rang HMRC; {lower_first(source)} says", clause, 220)


def _reported_call(mention: Mention, who: str, paper: Paper) -> str:
    """A call that an e-mail among ourselves reports on the day: the sentence after it tells what was said."""
    after = next((u for u in paper.units if u.start >= mention.unit.end and u.page == mention.unit.page), None)
    return quoted(f"{who} rang HMRC; {paper.profile.summary_name} says", after.text, 220) if after else ""


def _letter(mention: Mention, who: str, paper: Paper) -> str:
    """A letter that its sender says had no answer, or that a note merely names."""
    text = flat(_clause(mention))
    if re.search(
        r"\b(?:had|have|has) (?:had )?no (?:reply|answer|response|acknowledgement)|\bunanswered\b", text, re.I
    ):
        return f"{who} wrote to HMRC; it was not answered"
    return f"{who} wrote to HMRC" if paper.profile.kind in {"call_note", "webchat"} else ""


_CHARGE = re.compile(
    r"\b((?:late payment |late filing )?(?:interest|surcharge|penalty|duty))(?: of (£[\d,]+(?:\.\d\d)?))? (?:was "
    r"|were )?charged\b",
    re.I,
)


def _charged(mention: Mention, _who: str, _paper: Paper) -> str:
    found = _CHARGE.search(flat(_clause(mention)))
    return f"HMRC charged {found.group(1).lower()}{' of ' + found.group(2) if found.group(2) else ''}" if found else ""


_NAMED_THING = re.compile(
    r"\b(?:the|your|our|my|this)\s+((?:[\w&()-]+\s+){0,4}?(?:requests?|claims?|applications?|returns?|forms?(?:"
    r" 64-?8)?))"
    r"(?: for [^,.;]{3,40})? (?:of|dated)\s+$",
    re.I,
)
_SENT_BARE = re.compile(
    r"(?:^|[,:;]\s|\.\s)(?P<thing>\d+ [a-z][a-z -]{2,30}?) (?P<verb>uploaded|sent|posted|filed"
    r"|e-?mailed)\s+$",
    re.I,
)


def _made(mention: Mention, who: str, _paper: Paper) -> str:
    """ "Your request of ..." -> "We made the request"; "41 invoices uploaded ..." -> "We uploaded 41 invoices"."""
    before = flat(mention.unit.text[: mention.when.start]) + " "
    bare = _SENT_BARE.search(before)
    if bare:
        return f"{who} {bare['verb'].lower()} {bare['thing']}"
    found = _NAMED_THING.search(before) if mention.noun_phrase else None
    if not found or mention.actor == "hmrc":
        return ""
    thing = found.group(1)
    made = re.search(r"\b(?:request|claim|application)s?$", thing, re.I)
    return f"{who} made the {thing}" if made else f"{who} sent HMRC the {thing}"


_SHOWS = re.compile(
    r"^\W*(?:which )?(?:shows?|showed|says?|said|states?|stated) (?:that )?((?:[^.;]"
    r"|\.(?=\d)){4,120})",
    re.I,
)


def _statement(mention: Mention, _who: str, paper: Paper) -> str:
    after = _SHOWS.match(flat(mention.unit.text[mention.when.end :]))
    noun = "online statement" if re.search(r"\bonline\b", _clause(mention), re.I) else "statement"
    if not after:
        return ""
    return f"HMRC's {noun} showed {reported(after.group(1), paper.voices(mention.unit))}"


_ASKED_FOR = re.compile(
    r"\b(?:asks?|asked|asking|requests?|requested) (?:you |us )?(?:for|to (?:send|provide)) ([^.;]{4,110})", re.I
)


def _asked(mention: Mention, _who: str, paper: Paper) -> str:
    after = _ASKED_FOR.search(flat(mention.unit.text[mention.when.end :]))
    if after:
        return shorten(f"HMRC asked for {exchange_pronouns(after.group(1), paper.voices(mention.unit)).strip()}")
    thing = _THING.search(flat(mention.unit.text[: mention.when.start]))
    return f"HMRC asked for the {thing.group(1)}" if thing else ""


def _met(mention: Mention, _who: str, paper: Paper) -> str:
    clause = flat(_clause(mention))
    found = re.search(r"\bbalance of (£[\d,.]*\d)", clause)
    whose = paper.client if re.search(r"\bby (?:our|the|your) (?:insured|client|policyholder)\b", clause, re.I) else ""
    return f"{upper_first(whose)} paid the balance of {found.group(1)}" if found and whose else ""


def _disposed(mention: Mention, who: str, paper: Paper) -> str:
    """A label of a form: "Property disposed of", "Completion"."""
    label = flat(mention.unit.text[: mention.when.start]).strip(" |:").lower()
    if paper.profile.kind not in {"hmrc_receipt", "hmrc_statement", "computation"} or len(label.split()) > 6:
        return ""
    done = "completed the sale" if "completion" in label else "exchanged contracts" if "exchange" in label else ""
    return f"{who} {done or 'disposed of the property'}" if re.search(r"propert|completion|contracts", label) else ""
