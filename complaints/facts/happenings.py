"""Lines of the chronology for things mentioned with a date: "your letter of ...", "withdrawn on ...", "paid on ..."."""

import re

from complaints.facts.mentions import Mention
from complaints.facts.paper import Paper
from complaints.facts.records import EventKind
from complaints.facts.view import flat
from complaints.facts.wording import lower_first, reported, shorten, tidy, upper_first

_SPLIT = re.compile(r";|\.\s|\s[-–—]\s|:\s|, (?=which\b|but\b)|\bbut\b")
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
    "visit": "HMRC's visit took place",
    "coding_notice": "HMRC issued a coding notice",
    "certificate_issued": "HMRC issued the certificate",
    "assessment_issued": "HMRC issued the assessment",
    "penalty_issued": "HMRC issued the penalty",
    "notice_issued": "HMRC issued a notice",
    "demand_issued": "HMRC demanded payment",
    "calculation_issued": "HMRC issued the calculation",
}


def describe(mention: Mention, paper: Paper) -> str:
    """A finished line for a dated mention."""
    who = _who(mention, paper)
    kind = mention.kind
    if mention.noun_phrase and kind in _BY_HMRC:
        return _BY_HMRC[kind] + _purpose(mention, paper)
    if kind in _PLAIN and (mention.noun_phrase or kind in {"complaint_made", "review_requested"}):
        return f"{who} {_PLAIN[kind]}{_purpose(mention, paper)}"
    if kind == "visit":
        return _BY_HMRC[kind]
    if kind == "complaint_received":
        return _BY_HMRC[kind]
    return _clause_line(mention, paper)


def _who(mention: Mention, paper: Paper) -> str:
    if mention.actor == "agent":
        return "We"
    if mention.actor == "hmrc":
        return "HMRC"
    named = re.search(r"\b((?:Mr|Mrs|Miss|Ms|Dr)\.? [A-Z][\w'’-]+?)(?:['’]s)?\b", mention.unit.text)
    if mention.actor == "client":
        return named.group(1) if named and paper.names.is_client(named.group(1)) else paper.client
    return "A third party"


def _purpose(mention: Mention, paper: Paper) -> str:
    """What the words after the date say it was about: "asking for ...", "describing ..."."""
    after = flat(mention.unit.text[mention.when.end :])
    found = re.match(
        r"^[^.;]{0,60}?\b(asking (?:for|that|us)|requesting|describing|objecting to|about|concerning|regarding|in which|chasing|enclosing)\b([^.;,]{3,110})",
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
    begin = max((m.end() for m in _SPLIT.finditer(text[: min(mention.when.start, mention.cue_start)])), default=0)
    ends = [m.start() for m in _SPLIT.finditer(text[max(mention.when.end, mention.cue_end) :])]
    end = max(mention.when.end, mention.cue_end) + (ends[0] if ends else len(text))
    before, after = text[begin : mention.when.start], text[mention.when.end : end]
    before = re.sub(r"\b(?:on|of|dated|at|in)\s*(?:the\s*)?$|[(\[]\s*$", "", before.rstrip() + " ")
    line = flat(f"{before} {after}".replace("|", " ")).strip(" ,;:-–()")
    line = re.sub(r"\s+([,;)])", r"\1", line)
    line = re.sub(r"^(?:and|but|which|that|we)\s+(?=(?:and|but)\b)|^(?:and|but|which)\s+", "", line)
    return upper_first(shorten(reported(tidy(line), paper.voices(mention.unit)), 200))


def plain_line(text: str, paper: Paper) -> str:
    """Words of a table row or a note as a line of their own."""
    return upper_first(shorten(flat(text.replace("|", " ")), 180)) if text else lower_first(paper.profile.summary_name)
