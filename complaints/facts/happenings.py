"""Lines of the chronology for things mentioned with a date: "your letter of ...", "withdrawn on ...", "paid on ..."."""

import re

from complaints.facts.exhibits import letterhead
from complaints.facts.kinds import look_at
from complaints.facts.mentions import Mention
from complaints.facts.paper import Paper
from complaints.facts.records import EventKind
from complaints.facts.sound import is_sound, quoted
from complaints.facts.told_lines import PLAIN_LINES, active, set_line
from complaints.facts.view import flat
from complaints.facts.wording import lower_first, reported, shorten, tidy, upper_first
from lightpoint.language.dates import find_dates, format_date
from lightpoint.language.quotations import find_quotations

_SPLIT = re.compile(r";|\.\s|\s[-–—]\s|:\s|, (?=which\b|but\b|although\b|though\b)|\balthough\b|\bbut\b")
_PLAIN: dict[EventKind, str] = {
    "complaint_made": "complained to HMRC",
    "review_requested": "asked HMRC for a second review of the complaint",
    "appeal_made": "appealed",
    "letter_to_hmrc": "wrote to HMRC",
    "call": "rang HMRC",
    "webchat": "contacted HMRC by webchat",
    "account_checked": "checked the account",
}
_BY_HMRC: dict[EventKind, str] = {
    "letter_from_hmrc": "HMRC wrote",
    "complaint_received": "HMRC received the complaint",
    "complaint_reply": "HMRC replied to the complaint",
    "visit": "HMRC made a visit",
    "coding_notice": "HMRC issued a coding notice",
    "certificate_issued": "HMRC issued the certificate",
    "assessment_issued": "HMRC issued the assessment",
    "penalty_issued": "HMRC issued the penalty",
    "notice_issued": "HMRC issued a notice",
    "demand_issued": "HMRC demanded payment",
    "calculation_issued": "HMRC issued the calculation",
}


_ENQUIRY: dict[EventKind, str] = {
    "enquiry_opened": "HMRC opened an enquiry",
    "enquiry_closed": "HMRC closed its enquiry",
}


def describe(mention: Mention, paper: Paper) -> str:
    """A finished line for a dated mention: a set phrase where the words allow one, else the clause itself."""
    if mention.kind == "call" and mention.actor == "hmrc":
        return "HMRC telephoned"
    who = upper_first(_who(mention, paper))
    for line in (_set_phrase(mention, paper), set_line(mention, who, paper), _named_thing(mention, paper)):
        if line and is_sound(line):
            return line
    clause = active(_clause_line(mention, paper), mention)
    if mention.actor == "client" and mention.unit.speaker == "agent":
        clause = re.sub(r"^(?:He|She)\b(?= \w+ed\b)", lambda _m: who, clause)
    if is_sound(clause) and mention.unit.speaker != "third_party" and not _bare_noun(clause):
        return clause
    plain = PLAIN_LINES.get(mention.kind) if mention.actor in {"agent", "client", "hmrc"} else None
    return plain.format(who=who) if plain else _as_the_paper_says(mention, paper)


_VERB = re.compile(
    r"\b(?:was|were|had|did|could|would|went|sent|made|gave|took|came|sold|left|died|wrote|rang|paid|withdrew|put|set|"
    r"lost|found|held|told|began|repaid|spoke|said|became|kept|got|bought|met|brought|\w+ed)\b"
)


def _bare_noun(line: str) -> bool:
    """A clause that a note has cut down to a noun."""
    return not _VERB.search(line)


def _as_the_paper_says(mention: Mention, paper: Paper) -> str:
    """The whole sentence as a quotation of the paper, for a happening that no set line fits."""
    source = upper_first(paper.profile.summary_name)
    return quoted(f"{source} says of this day", _with_its_antecedent(mention, paper), 220)


_DID_SO = re.compile(r"^\W*(?:we|i|he|she|they) (?:then |duly )?did (?:so|this|that|it)\b", re.I)


def _with_its_antecedent(mention: Mention, paper: Paper) -> str:
    """A sentence that only says "did so" with the one before it, which says what."""
    text = mention.unit.text
    before = [u for u in paper.units if u.page == mention.unit.page and u.end <= mention.unit.start]
    return f"{before[-1].text} {text}" if before and _DID_SO.match(text) else text


def _set_phrase(mention: Mention, paper: Paper) -> str:
    """The line for happenings that are always told in the same way."""
    kind = mention.kind
    if kind == "visit":
        return _BY_HMRC[kind] + _regret(mention)
    if kind == "invoice_paid":
        named = _INVOICE.search(mention.unit.text)
        return f"{upper_first(flat(named.group(0)))} was paid" if named else ""
    if kind == "reply_received":
        return f"HMRC's letter{_its_date(mention)} reached {'us' if mention.actor != 'client' else paper.client}"
    if kind == "return_received":
        return _receipt_as_told(mention, paper)
    if kind == "letter_from_hmrc" and mention.unit.speaker == "hmrc":
        return f"HMRC wrote{_to_whom(mention, paper)}{_purpose(mention, paper)}"
    if kind in _ENQUIRY and mention.unit.speaker != "hmrc":
        return _ENQUIRY[kind]
    return _BY_HMRC[kind] if kind == "complaint_received" else ""


def _receipt_as_told(mention: Mention, paper: Paper) -> str:
    """Receipt told later is told with its teller: HMRC's letter or its adviser."""
    profile = paper.profile
    if profile.author == "hmrc" and profile.kind != "hmrc_receipt":
        told = _without_source(_clause_line(mention, paper))
        line = f"According to {profile.summary_name}, {lower_first(told)}"
        return line if is_sound(line) and is_sound(told) else ""
    if profile.kind in {"call_note", "webchat"}:
        return f"HMRC's adviser said of its record: {lower_first(_clause_line(mention, paper))}"
    return ""


def _named_thing(mention: Mention, paper: Paper) -> str:
    """The line for "your letter of ...", "the notice of ...": only the thing and its date are told."""
    kind, who = mention.kind, _who(mention, paper)
    if kind == "third_party_report" and mention.noun_phrase:
        return f"{who} wrote"
    if (
        kind == "other"
        and mention.noun_phrase
        and mention.unit.speaker == "third_party"
        and mention.actor in {"agent", "client"}
    ):
        return f"{who} wrote to {_outsider(mention, paper)}"
    if mention.noun_phrase and kind in _BY_HMRC:
        return _BY_HMRC[kind] + _purpose(mention, paper)
    if kind in _PLAIN and (
        mention.noun_phrase or _shares_verb(mention) or kind in {"complaint_made", "review_requested"}
    ):
        return f"{who} {_PLAIN[kind]}{_purpose(mention, paper)}{_fate(mention)}"
    return ""


def _shares_verb(mention: Mention) -> bool:
    """Whether another date stands between the verb and this one: "we rang on the 3rd and again on the 5th"."""
    between = mention.unit.text[mention.cue_end : mention.when.start] if mention.cue_end < mention.when.start else ""
    return bool(find_dates(between, reference=mention.when.date))


def _outsider(mention: Mention, paper: Paper) -> str:
    """The name of a third party: the writer of the paper, or whom the sentence names."""
    if mention.unit.speaker == "third_party" and paper.profile.author == "third_party":
        return paper.profile.author_name or letterhead(look_at(paper.document, paper.names))
    named = re.search(r"\bfrom ((?:[A-Z][\w&.-]+ ?)+)|((?:[A-Z][\w&.-]+ )*[A-Z][\w&.-]+)['’]s\b", mention.unit.text)
    return (named.group(1) or named.group(2)).strip() if named else "A third party"


_INVOICE = re.compile(
    r"\b(?:invoice|fee note|bill) [A-Z]{0,4}[-/]?\d[\w/-]*(?: (?:for|of) £[\d,.]*\d(?: "
    r"plus VAT| including VAT)?)?",
    re.I,
)


def _its_date(mention: Mention) -> str:
    others = [d for d in find_dates(mention.unit.text, reference=mention.when.date) if d.date < mention.when.date]
    return f" of {format_date(others[0].date)}" if others else ""


_UNANSWERED = re.compile(
    r"\b(?:not (?:been )?|neither of which (?:has|have|was|were) (?:been )?)(?P<done>action\w+|"
    r"acted upon|answered|acknowledged|replied to|dealt with)\b",
    re.I,
)


def _fate(mention: Mention) -> str:
    """What the same sentence says became of a letter."""
    if mention.kind != "letter_to_hmrc":
        return ""
    text = flat(mention.unit.text)
    found = _UNANSWERED.search(text)
    if found and mention.unit.speaker == "hmrc":
        return f"; HMRC accepts that this was not {found['done'].lower()}"
    if found or re.search(r"\bno (?:reply|answer|response|acknowledgement)\b", text, re.I):
        return "; it was not answered" if not found else f"; it was not {found['done'].lower()}"
    return ""


def _to_whom(mention: Mention, paper: Paper) -> str:
    if not re.search(r"\bto you\b", mention.unit.text, re.I):
        return ""
    return {"agent": " to us", "client": f" to {paper.client}"}.get(paper.profile.recipient or "", "")


def _without_source(line: str) -> str:
    return re.sub(r"^(?:HMRC's|its|our) (?:records?|systems?) (?:showed|show|say|said) that ", "", line, flags=re.I)


def _regret(mention: Mention) -> str:
    found = re.search(r"\bshould (?:not|never) have [a-z ]+", flat(mention.unit.text), re.I)
    return f", which it accepts {found.group(0).strip()}" if found and mention.unit.speaker == "hmrc" else ""


def _who(mention: Mention, paper: Paper) -> str:
    if mention.actor == "agent":
        return "We"
    if mention.actor == "hmrc":
        return "HMRC"
    named = re.search(r"\b((?:Mr|Mrs|Miss|Ms|Dr)\.? [A-Z][\w'’-]+?)(?:['’]s)?\b", mention.unit.text)
    if mention.actor == "client":
        return named.group(1) if named and paper.names.is_client(named.group(1)) else paper.client
    return _outsider(mention, paper)


def _purpose(mention: Mention, paper: Paper) -> str:
    """What the words after the date say it was about: "asking for ...", "describing ..."."""
    after = flat(mention.unit.text[mention.when.end :])
    found = re.match(
        r"^[^.;]{0,60}?\b(asking (?:for|that|us)|requesting|describing|objecting to|about|"
        r"concerning|regarding|in which|chasing|enclosing)\b([^.;,]{3,110})",
        after,
        re.I,
    )
    if not found:
        return ""
    text = f"{found.group(1)}{found.group(2)}"
    if re.search(
        r"\b(?:this|these|it)\b\W*$", re.split(r"\bwere\b|\bwas\b|\bhave\b|\bhas\b", text)[0].strip()
    ) or re.search(r"\bwhich you\b", text):
        return ""
    text = re.split(r"\b(?:were|was|have been|has been|have not|has not|had|is|are)\b", text)[0].strip()
    return " " + reported(text, paper.voices(mention.unit)) if len(text.split()) > 1 else ""


def _clause_line(mention: Mention, paper: Paper) -> str:
    """The clause that holds the date, without the date, in the letter's voice."""
    text = mention.unit.text
    bracketed = _BRACKETED.search(text[: mention.when.start])
    if bracketed:
        return f"{_who(mention, paper)} {bracketed['verb'].lower()} the {bracketed['thing']}"
    noun = _DONE.search(text[: mention.when.start])
    if noun and mention.kind in _THINGS_DONE:
        return _thing_done(mention, noun, paper)
    if any(q.start <= mention.when.start < q.end for q in find_quotations(text)):
        return next(f'"{q.text}"' for q in find_quotations(text) if q.start <= mention.when.start < q.end)
    begin, end = _clause_bounds(mention, informal=paper.profile.kind in {"call_note", "webchat"})
    before, after = text[begin : mention.when.start], text[mention.when.end : end]
    before = re.sub(r"\b(?:on|of|dated|at|in)\s*(?:the\s*)?$|[(\[]\s*$", "", before.rstrip() + " ", flags=re.I)
    after = re.sub(r"^\s*\)", "", after)
    line = flat(f"{before} {after}".replace("|", " ")).strip(" ,;:-–")
    line = re.sub(r"\s+([,;)])", r"\1", line)
    line = _SAID.sub("", line)
    line = re.sub(r"^(?:and|but|which|so|then)\s+", "", line, flags=re.I)
    if re.match(r"(?:paid|sent|filed|posted|rang|submitted|completed|sold)\b", line, re.I):
        line = f"{_who(mention, paper)} {lower_first(line)}"
    if _BROKEN.match(line) or line.count("(") != line.count(")"):
        return (
            f"{_who(mention, paper)} {_DONE_PLAINLY.get(mention.kind, '')}".strip()
            if mention.kind in _DONE_PLAINLY
            else upper_first(tidy(text))
        )
    return upper_first(shorten(reported(tidy(line), paper.voices(mention.unit)), 200))


_BRACKETED = re.compile(
    r"\b(?P<thing>[A-Z][\w-]*(?:\([A-Z][a-z]+\))?)\s+\((?P<verb>sent|filed|posted|submitted)"
    r"\s+(?:on\s+)?$"
)
_BROKEN = re.compile(r"(?:should|as|re|for|to|because|who|whose|than|with|nb)\b", re.I)
_DONE_PLAINLY: dict[EventKind, str] = {
    "return_filed": "filed the return",
    "application_made": "made the application",
    "claim_made": "made the claim",
    "documents_sent": "sent the documents",
    "penalty_issued": "issued the penalty",
    "assessment_issued": "issued the assessment",
    "correction": "put this right",
}
_THINGS_DONE = frozenset(
    {"claim_made", "application_made", "application_received", "return_filed", "return_received", "documents_sent"}
)
_DONE = re.compile(
    r"\b(?P<thing>(?!(?:[^.;,]*\b(?:was|were|been|is|are|has|have|had)\b))(?:the|our|"
    r"your|a|an|my|his|her|their|this)\s+[^.;,]{3,60}?)\s+(?P<verb>made|sent|filed|submitted|"
    r"posted|lodged|delivered|received)\s+(?:on\s+)?$",
    re.I,
)


def _thing_done(mention: Mention, noun: re.Match[str], paper: Paper) -> str:
    """ "The application sent on ... asked for" -> "We sent the application, which asked for"."""
    voices = paper.voices(mention.unit)
    verb = noun["verb"].lower()
    who = "HMRC" if verb == "received" else _who(mention, paper)
    thing = lower_first(reported(noun["thing"], voices))
    after = flat(mention.unit.text[mention.when.end :])
    rest = re.match(r"^(asked for|asking for|claimed|claiming|showed|stated|included)\b[^.;]*", after, re.I)
    tail = (
        f", {'which ' if rest and not rest.group(1).lower().endswith('ing') else ''}{reported(rest.group(0), voices)}"
        if rest
        else ""
    )
    return shorten(f"{who} {verb} {thing}{tail}")


def _clause_bounds(mention: Mention, *, informal: bool) -> tuple[int, int]:
    """Where the clause of a date begins and ends: at stops, and half way to the other dates of the sentence."""
    text = mention.unit.text
    near, far = min(mention.when.start, mention.cue_start), max(mention.when.end, mention.cue_end)
    stops = re.compile(_SPLIT.pattern + r"|,\s") if informal else _SPLIT
    begin = max((m.end() for m in stops.finditer(text[:near])), default=0)
    ends = [m.start() for m in stops.finditer(text[far:])]
    end = far + ends[0] if ends else len(text)
    for other in find_dates(text, reference=mention.when.date):
        if begin <= other.start and other.end <= near:
            joints = [m.end() for m in _JOINT.finditer(text[:near]) if m.start() >= other.end]
            worded = [m.end() for m in _JOINT.finditer(text[:near]) if m.start() >= other.end and "and" in m.group(0)]
            begin = worded[-1] if worded else (joints[0] if joints else begin)
        if far <= other.start < end:
            joints = [m.start() for m in _JOINT.finditer(text[: other.start]) if m.start() >= far]
            end = joints[-1] if joints else end
    return begin, end


_SAID = re.compile(
    r"^\W*(?:(?:he|she|they|adviser|hmrc) )?(?:said|says|confirmed|agreed|told us|asked "
    r"where)(?: that)? ",
    re.I,
)
_JOINT = re.compile(r",\s+(?:and\s+)?|\s+and\s+|\s+but\s+")
