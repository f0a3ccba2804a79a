"""What a sentence of HMRC's promises, as an infinitive that continues "HMRC undertook to".

Letters promise in the passive ("the refund will be issued"), officers in the active, and notes of talks leave subjects
out, report speech, and name only the thing that was promised. A subject that is half a clause, or a bare pronoun, gives
way to the thing that it stands for.
"""

import re

from complaints.facts.records import Actor, DocumentProfile
from complaints.facts.view import flat
from complaints.facts.wording import Voices, exchange_pronouns, lower_first, tidy

_DOES = {
    "issued": "issue",
    "released": "release",
    "processed": "process",
    "paid": "pay",
    "sent": "send",
    "made": "make",
    "done": "do",
    "amended": "amend",
    "corrected": "correct",
    "repaid": "repay",
    "refunded": "refund",
    "cancelled": "cancel",
    "updated": "update",
    "reviewed": "review",
    "withdrawn": "withdraw",
    "removed": "remove",
    "completed": "complete",
    "actioned": "action",
    "dealt with": "deal with",
    "resolved": "resolve",
    "reissued": "reissue",
    "re-issued": "re-issue",
    "returned": "return",
    "replied to": "reply to",
    "answered": "answer",
    "looked at": "look at",
    "put right": "put right",
    "credited": "credit",
    "adjusted": "adjust",
    "reinstated": "reinstate",
    "passed": "pass",
    "escalated": "escalate",
    "forwarded": "forward",
    "referred": "refer",
    "allocated": "allocate",
    "reallocated": "reallocate",
    "given": "give",
    "provided": "provide",
    "authorised": "authorise",
    "finalised": "finalise",
    "settled": "settle",
    "treated": "treat",
    "contacted": "contact",
    "recorded": "record",
    "stopped": "stop",
    "suspended": "suspend",
    "discharged": "discharge",
    "closed": "close",
    "registered": "register",
    "set aside": "set aside",
    "recalculated": "recalculate",
    "waived": "waive",
    "investigated": "investigate",
    "transferred": "transfer",
    "added": "add",
    "worked out": "work out",
    "calculated": "calculate",
    "moved": "move",
    "lifted": "lift",
    "recalled": "recall",
    "refused": "refuse",
    "posted": "post",
    "written off": "write off",
    "merged": "merge",
    "separated": "separate",
    "sorted out": "sort out",
    "re-run": "re-run",
    "brought up to date": "bring up to date",
    "fixed": "fix",
    "mended": "mend",
    "repaired": "repair",
    "restored": "restore",
    "rectified": "rectify",
    "reconnected": "reconnect",
    "re-linked": "re-link",
    "relinked": "relink",
    "reversed": "reverse",
    "resent": "resend",
    "re-sent": "re-send",
    "linked": "link",
    "switched back on": "switch back on",
    "reopened": "reopen",
    "unlocked": "unlock",
    "stamped": "stamp",
    "despatched": "despatch",
    "dispatched": "dispatch",
    "changed": "change",
    "confirmed": "confirm",
    "considered": "consider",
    "reimbursed": "reimburse",
}
_PASSIVE = re.compile(
    rf"^(?P<subject>.+?)\s+(?:will|shall|'ll|is going to|are going to|is to|should)\s+(?:now\s+|"
    rf"then\s+|all\s+)?be\s+(?P<verb>{'|'.join(map(re.escape, _DOES))})\b(?P<rest>.*)"
    rf"$",
    re.I,
)
_BARE_PASSIVE = re.compile(
    "^(?:will|shall|should|going to) (?:now |then |all )?be (?P<verb>"
    rf"{'|'.join(map(re.escape, _DOES))})\b(?P<rest>.*)$",
    re.I,
)
_ACTIVE = re.compile(
    r"\b(?P<who>I|we|he|she|they|HMRC|someone|somebody|(?:a|the|our) (?:colleague|caseworker|"
    r"team|officer|manager|department|specialist)\w*)(?:\s+will|\s+shall|['’]ll|\s+undertake "
    r"to|\s+promise to|\s+aim to|\s+(?:am|are) going to)\s+(?:now\s+|also\s+|then\s+)"
    r"?(?P<verb>(?!need|have to|not be|be liable|be charged|be able|collect|take|visit|"
    r"use enforcement|charge)\w.*)$",
    re.I,
)
_NEUTRAL = re.compile(
    r"^(?P<subject>.+?)\s+(?:will|shall)\s+(?P<verb>reach|arrive|be with|go out|follow|"
    r"drop out|drop off|come off|fall away|wash through|be back|"
    r"be (?:up and running|working|live|ready|available)|go (?:in|off|through)|leave (?:here|us|this office)|"
    r"disappear|come through|show|clear|get|be out|be there|be in)\b(?P<rest>.*)$",
    re.I,
)


def promise_of(clause: str, earlier: str, profile: DocumentProfile, client: str) -> str:
    """The promise of a clause as an infinitive, or an empty string where it promises nothing."""
    voices = Voices("hmrc", _addressee(profile), client)
    hear = _HEAR.search(flat(clause))
    if hear:
        return _clean(f"write to {_whom(profile, client)}{hear['rest']}")
    have = _HAVE.search(flat(clause))
    if have:
        nouns = _NOUNS.findall(flat(f"{earlier} {flat(clause)[: have.start()]}"))
        thing = f"the {nouns[-1]}" if nouns else "it"
        return _clean(_hand_over(f"{thing}{have['rest']}", _whom(profile, client)))
    line = _spoken(_SAID.sub("", re.sub(r",? (?:and|but)$", "", tidy(clause))).strip('"“” '), clause, profile)
    noted = _noted(line, clause, profile, voices) if profile.kind in _TALKS else ""
    if noted:
        return _clean(noted)
    passive, neutral, active = (
        _PASSIVE.match(line),
        _NEUTRAL.match(line),
        _ACTIVE.search(line) or _bare_will(line, profile),
    )
    if active and not (passive and passive.start("verb") < active.start()):
        got = re.match(r"(?:get|have|receive) (?P<rest>.+)$", active["verb"])
        if got and active.groupdict().get("who", "").lower() == "we" and profile.kind == "call_note":
            return _clean(_hand_over(got["rest"], "us"))
        return _clean(exchange_pronouns(_resolved(_ONWARD.split(active["verb"])[0], earlier), voices))
    if passive:
        return _clean(exchange_pronouns(_passive_promise(passive, earlier), voices))
    if neutral and not re.match(r"(?:they|these|those|you)\b", neutral["subject"], re.I):
        subject = lower_first(_subject(neutral["subject"], earlier))
        return _clean(exchange_pronouns(f"have {subject} {neutral['verb']}{neutral['rest']}", voices))
    return ""


_TALKS = frozenset({"call_note", "webchat"})
_TOLD_US = re.compile(r"\b(?:said|says|told|promis\w+|assur\w+|confirm\w+|agreed?|guarantee\w*|undert\w+)\b", re.I)
_LABEL = re.compile(r"^(?:[\w']+ ){0,2}[\w']+\s*(?:[-–]\s|:\s)\s*(?=(?:will|he|she|they|it|hmrc|to be)\b)", re.I)
_PROMISED = (
    r"(?:the |a |an |our |her |his |full |written |formal )*(?:\w+ )?(?:payment|repayment|refund|cheque|money|reply|"
    r"answer|"
    r"response|letter|call ?back|correction|decision|credit|amended \w+|corrected \w+|new \w+)"
)
_NAMED_PROMISE = re.compile(
    rf"(?:\bpromis\w+|\bguarantee\w*|\bundert\w+) (?:me |us |her |him |them |of )?(?:that )?(?P<thing>{_PROMISED})"
    r"(?P<rest> (?:by|within|in|before|no later than)\b[^.;]*)",
    re.I,
)


def _spoken(line: str, clause: str, profile: DocumentProfile) -> str:
    """A promise noted in reported speech put back into direct speech: "said it would be paid" -> "it will be paid"."""
    if profile.kind not in _TALKS:
        return line
    line = _LABEL.sub("", line)
    if _TOLD_US.search(clause):
        line = re.sub(r"^(?:told (?:us|me)|was told|assured (?:us|me)|promised(?: (?:us|me))?)(?: that)? ", "", line)
        line = re.sub(r"\b(?:would|['’]d)\b", "will", line, count=1)
    line = _ATTRIBUTED.sub("", line)
    return _TO_BE.sub(lambda m: f"{m['thing'] or ''}will be ", line)


_ATTRIBUTED = re.compile(
    r",? (?:he|she|they|it) (?:said|says|thinks|thought|promise[sd]|reckons|confirm(?:s|ed))\b.*$", re.I
)
_TO_BE = re.compile(
    rf"^(?P<thing>[\w £.,'-]{{3,60}}? )?(?:is |are |was )?to be (?=(?:{'|'.join(map(re.escape, _DOES))})\b)", re.I
)


def _noted(line: str, clause: str, profile: DocumentProfile, voices: Voices) -> str:
    """A promise as only notes have it: "promised payment by", "will be put right within"."""
    named = _NAMED_PROMISE.search(tidy(clause))
    if named:
        return _hand_over(_with_the(named["thing"]) + named["rest"], _whom(profile, voices.client))
    thing = _THING_BY.match(line)
    if thing:
        return _hand_over(_with_the(lower_first(thing["thing"])) + thing["rest"], _whom(profile, voices.client))
    bare = _BARE_PASSIVE.match(line)
    return exchange_pronouns(_did(bare["verb"], "it", bare["rest"]), voices) if bare else ""


_THING_BY = re.compile(rf"^(?P<thing>{_PROMISED})(?P<rest> (?:by|within|no later than) \S.*)$", re.I)


def _with_the(thing: str) -> str:
    return thing if re.match(r"(?:the|a|an|our|her|his)\b", thing, re.I) else f"the {thing}"


def _last_noun(earlier: str) -> str:
    """The last thing named in the words before, for a promise without a subject."""
    nouns = _NOUNS.findall(tidy(earlier))
    return f"the {nouns[-1]}" if nouns else "it"


def _did(verb: str, thing: str, rest: str) -> str:
    """What was promised in the passive as an infinitive: "put right", "the record" -> "put the record right"."""
    infinitive = _DOES[verb.lower()]
    first, _blank, particle = infinitive.partition(" ")
    if particle in {"right", "aside"}:
        return f"{first} {thing} {particle}{rest}"
    return f"{infinitive} {thing}{rest}"


_HEAR = re.compile(
    r"\byou (?:will|should|can expect to) hear from (?:us|me)(?P<rest> (?:by|within|before|no later"
    r" than)[^.;]+)",
    re.I,
)
_HAVE = re.compile(
    r"\byou (?:will|should|can expect to) (?:have|receive|get) (?:it|this|the (?:money|payment|repayment|refund))"
    r"(?P<rest> (?:by|within|in|before|no later than)[^.;]+)",
    re.I,
)


def _hand_over(thing: str, whom: str) -> str:
    """What somebody is to have, as what HMRC is to do: pay the money, make the repayment, let us have the form."""
    paid = re.match(r"(?:the|our|your|a) (?:money|cash|cheque)\b", thing, re.I)
    made = re.match(r"(?:the|our|your|a) (?:\w+ )?(?:re)?(?:payment|fund)\b", thing, re.I)
    return f"pay {thing}" if paid else f"make {thing}" if made else f"let {whom} have {thing}"


def _whom(profile: DocumentProfile, client: str) -> str:
    return "us" if _addressee(profile) in {"agent", None} else client


def _bare_will(line: str, profile: DocumentProfile) -> re.Match[str] | None:
    """Notes of calls leave the subject out: "Will write to us by end of May"."""
    return re.match(r"will (?P<verb>\w.*)$", line, re.I) if profile.kind == "call_note" else None


_NOT_YET = re.compile(r"\b(?:has|have) not (?:yet )?been (?P<verb>\w+) (?P<rest>(?:to|into|from) [^.;,]+)", re.I)


def _resolved(verb: str, earlier: str) -> str:
    """ "do this" said after "it has not been added to your record": "add it to your record"."""
    said = _NOT_YET.search(flat(earlier))
    pronoun = re.match(r"(?!do\b)(?P<verb>[\w-]+) (?:it|this|that)\b(?! \w+ (?:to|for) you)", verb)
    if pronoun and _NOUNS.findall(flat(earlier)):
        return f"{pronoun['verb']} the {_NOUNS.findall(flat(earlier))[-1]}{verb[pronoun.end() :]}"
    if not re.match(r"do (?:this|that|it|so)\b", verb, re.I) or not said or said["verb"].lower() not in _DOES:
        return verb
    nouns = _NOUNS.findall(flat(earlier)[: said.start()])
    thing = f"the {nouns[-1]}" if nouns else "it"
    return f"{_DOES[said['verb'].lower()]} {thing} {said['rest']}" + re.sub(
        r"^do (?:this|that|it|so)\b", "", verb, flags=re.I
    )


_SAID = re.compile(
    r"^(?:she|he|they|advis[eo]r|hmrc|the adviser)\s+(?:said|says|confirmed|told us|"
    r"promised|has said|agreed)\s+(?:that\s+)?(?=\w)",
    re.I,
)
_ONWARD = re.compile(r",? (?:and|but) (?=(?:i|we|you|he|she|it|they|hmrc)\b)|; ", re.I)


_ASKED_FOR_IT = re.compile(r"\b(?:asked|arranged|instructed) for (?P<thing>[^.;]{2,60}?) to be (?P<rest>[^.;]+)$", re.I)


def _passive_promise(found: re.Match[str], earlier: str) -> str:
    asked = _ASKED_FOR_IT.search(tidy(earlier))
    if asked and found["verb"].lower() in {"done", "completed", "carried out"}:
        thing = asked["thing"]
        nouns = _NOUNS.findall(tidy(earlier)[: asked.start()])
        thing = f"the {nouns[-1]}" if thing.lower() in {"it", "this", "that"} and nouns else thing
        return f"have {thing} {asked['rest']}{found['rest']}"
    infinitive = re.search(r"\bto ((?!us\b|you\b|me\b|the\b)\w+ (?:the|your|this|an?|its|our)\b.+)$", tidy(earlier))
    if found["verb"].lower() == "done" and infinitive:
        return infinitive.group(1) + found["rest"]
    subject = lower_first(_subject(_AFTERWARDS.sub("", found["subject"]), earlier))
    rest = re.split(r",? and (?:no|nothing)\b", found["rest"])[0]
    rest = re.sub(
        r"\band (\w+)\b", lambda m: f"and {_DOES[m.group(1)]} it" if m.group(1) in _DOES else m.group(0), rest
    )
    rest = _AND_THE_OTHER.sub(lambda m: f"and {_DOES[m['verb'].lower()]} {m['thing']}", rest)
    return _did(found["verb"], subject, rest)


_AND_THE_OTHER = re.compile(
    rf"\band (?P<thing>(?:the |your |a |any )?(?:£[\d,.]*\d|\w+)(?: (?!and\b|by\b|within\b|in\b)\w+){{0,4}}?) "
    rf"(?P<verb>{'|'.join(map(re.escape, _DOES))})\b",
    re.I,
)


_AFTERWARDS = re.compile(
    r"^(?:once|when|after|as soon as|if) (?:\w+ ){1,3}?(?:has|have|is|are|had) (?:been |now )?(?:\w+(?:ed|id|one|ent)"
    r"(?: any of (?:this|it))?),? (?=\w)",
    re.I,
)


def _addressee(profile: DocumentProfile) -> Actor | None:
    return "agent" if profile.kind in {"call_note", "webchat"} else profile.recipient


def _clean(text: str) -> str:
    text = re.split(r"\.\s+(?=[\"“a-zA-Z])", flat(text))[0]
    return flat(text).strip(' .,;"”')


_NOUNS = re.compile(
    r"\b(?:the|your|a|an|this) ((?:\w+ ){0,2}?(?:repayments?|refunds?|claims?|returns?|"
    r"code|notice|certificate|payment|cheque|assessments?|penalt(?:y|ies)|"
    r"account|letter|reply|application|correction|case|complaint|award|grant|record|"
    r"surcharge|interest|registration|allowance|address))\b",
    re.I,
)


def _subject(subject: str, earlier: str) -> str:
    """The subject of a promise; what "it" and "this" stand for is looked up in the words before."""
    subject = _CLAUSES_BEFORE.split(subject.strip())[-1].strip(' "“”')
    shared = _SHARED_SUBJECT.match(subject)
    subject = shared["thing"] if shared else subject
    if not subject or _FINITE.search(subject):
        return _last_noun(earlier)
    if not re.fullmatch(r"(?:it|this|that|they|these|those|which|both|all|he|she)", subject, re.I):
        return subject
    nouns = _NOUNS.findall(tidy(earlier))
    return f"the {nouns[-1]}" if nouns else subject


_CLAUSES_BEFORE = re.compile(r"[.;:!?]\s+|\s[-–—]\s|,\s+(?:and|so|but)\s+|,\s+(?=(?:it|this|that|they)$)")
_SHARED_SUBJECT = re.compile(
    r"^(?P<thing>(?:the|your|our|this|his|her|their) [^,;]{2,50}?) (?:has|have|had|was|were|is|are) .+ (?:and|but)$",
    re.I,
)
_FINITE = re.compile(
    r"\b(?:he|she|they|it|we|i|hmrc) (?:\w+ )?(?:has|have|had|is|was|will|said|says|sent|can|could)\b", re.I
)
