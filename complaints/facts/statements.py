"""Words that matter for the analysis, by whom they were said: admissions, refusals, hardship, who holds what."""

import re
from collections.abc import Iterator, Sequence

from complaints.facts.records import Actor, DocumentProfile, Statement, StatementKind
from complaints.facts.view import Unit

Speakers = frozenset[Actor]
_HMRC: Speakers = frozenset({"hmrc"})
_OURS: Speakers = frozenset({"agent", "client"})
_NOT_HMRC: Speakers = frozenset({"agent", "client", "third_party"})
_ALL: Speakers = frozenset({"hmrc", "agent", "client", "third_party"})


def _pattern(kind: StatementKind, speakers: Speakers, words: str) -> tuple[StatementKind, Speakers, re.Pattern[str]]:
    return kind, speakers, re.compile(words.replace("[^.]", r"(?:[^.]|\.(?=\d))"), re.I)


PATTERNS: tuple[tuple[StatementKind, Speakers, re.Pattern[str]], ...] = (
    _pattern(
        "admission",
        _HMRC,
        r"\b(?:accept(?:s|ed)|agree[sd]?|admit(?:s|ted)) (?:that )?[^.]{0,70}\b(?:wrong|"
        r"error|mistake|incorrect)|\b(?:in error|our (?:error|mistake|fault|failure|oversight)"
        r"|(?:an|this|the) (?:error|"
        r"mistake|oversight) (?:in|on|by|was|occurred)|because of an error|should (?:not|"
        r"never) have|shouldn['’]t (?:have|happen)|should have been|(?:i|we) should have|"
        r"did not happen|failed to|not the (?:level of )?service|fell short|incorrect(?:ly)"
        r"?\b|wrongly\b|(?:we|i) (?:accept|agree|recognise|acknowledge) (?:that )?(?:we|i|my|our|this|the|"
        r"your|it)|sat (?:un\w+|there)|not act(?:ion)?ed(?: upon)?|were not acted upon|overlooked|"
        r"keying|misfiled|mislaid|mistakenly|system error|our side|slip)\b",
    ),
    _pattern(
        "apology",
        _HMRC,
        r"\b(?:i|we)(?:['’]m| am| are)? (?:very |truly |sincerely )?(?:sorry|apologi[sz]"
        r"e)|\bapologies\b|\bplease accept (?:my|our) apolog",
    ),
    _pattern(
        "upheld",
        _HMRC,
        r"\b(?:i|we) (?:am |are |have |therefore )*uph(?:o|e)ld(?:ing)?\b(?! this point\W*$)"
        r"|\b(?:is|are|been|was|were) (?:partly |fully )?upheld\b",
    ),
    _pattern(
        "not_upheld",
        _HMRC,
        r"\b(?:cannot|can not|can't|do not|don't|unable to|not able to|have not) uph(?:o|"
        r"e)ld|\bnot (?:been )?upheld\b|\breject(?:ed)? (?:this|your|the) complaint",
    ),
    _pattern(
        "refusal",
        _HMRC,
        r"\b(?:cannot|can't|can not|unable to|not able to|do not|will not|won't|declin\w+|"
        r"refus\w+|would not)\b[^.]{0,60}\b(?:consider|pay(?:ment)?|reimburse|offer|accept|"
        r"agree|log|pass|discuss|uphold|refund|repay|compensat\w+|put (?:it|that) in writing|"
        r"do that)\b|\bnot (?:prepared|willing) to\b",
    ),
    _pattern(
        "offer",
        _HMRC,
        r"\b(?:i|we)(?: would| should|['’]d)? (?:like to |am |are |can )?offer\w*\b[^.]{0,60}£|"
        r"\boffer of £|\bpayment of £[\d,.]+ (?:for|in recognition)",
    ),
    _pattern(
        "agreed_due",
        _HMRC,
        r"\b(?:authorised (?:the|your|a) (?:repayment|refund)|shows? an overpayment|overpaid|"
        r"amount to be repaid|credit available|repayment (?:is|has been) (?:due|approved|"
        r"agreed|authorised)|(?:is|are) due a (?:refund|repayment)|you are owed)",
    ),
    _pattern(
        "no_trace",
        _HMRC,
        r"\b(?:no (?:trace|record|sign|evidence of receipt)|(?:have|has) not received|cannot "
        r"(?:find|trace|locate)|can't (?:find|trace|see)|unable to (?:find|trace|locate)"
        r"|not logged|never (?:received|arrived)|not been received|nothing (?:on|in) (?:the|"
        r"our) (?:system|record))\b",
    ),
    _pattern(
        "received_logged",
        _HMRC,
        r"\b(?:logged as received|(?:was|were|been) (?:successfully )?received|reached us|"
        r"we (?:have )?received|scanned to|acknowledge receipt|shows? as received)\b",
    ),
    _pattern(
        "security_check",
        _ALL,
        r"\bsecurity check|\b(?:identity|verification|compliance|risk) checks?\b|\bselected "
        r"for (?:additional |further )?check",
    ),
    _pattern(
        "appeal_right",
        _HMRC,
        r"\b(?:you|your client|she|he|they|it) (?:can|may|must|has|have|wish\w*)\b[^.]{0,60}\bappeal|"
        r"\bwishes to appeal|\bright (?:of|to) appeal|\bappeal (?:within|to (?:us|the tribunal)"
        r")|\bask for a (?:statutory )?review or appeal|\breview or appeal",
    ),
    _pattern(
        "review_right",
        _HMRC,
        r"\b(?:ask|request|apply) for a (?:second|further)[- ](?:tier )?review|\bsecond[- "
        r"](?:tier )?review\b[^.]{0,60}\bif you|\bif you (?:disagree|are unhappy)\b[^.]{0,80}\breview",
    ),
    _pattern(
        "final_reply",
        _HMRC,
        r"\bend of (?:hmrc['’]s|our|the) complaints? (?:process|procedure)|\bfinal (?:response|"
        r"reply|decision)\b|\badjudicator['’]?s? office\b",
    ),
    _pattern(
        "not_processed",
        _ALL,
        r"\b(?:not (?:been |yet been |yet )(?:processed|actioned|dealt with|issued|repaid|"
        r"paid|received the (?:refund|repayment))|still (?:not|no|outstanding|unpaid|pending|"
        r"unprocessed|waiting|awaiting)|remains? (?:outstanding|unpaid|unprocessed)|no repayment "
        r"has been|(?:status|shows?):? pending|nothing (?:has been )?(?:received|since|by)"
        r"|no (?:refund|repayment|reply|payment) (?:yet|has|in progress)|it isn['’]t|was "
        r"(?:meant|supposed) to be here)\b",
    ),
    _pattern(
        "no_reply",
        _NOT_HMRC,
        r"\b(?:no|not had (?:a|any)|without (?:a|any)|never (?:had )?(?:a|any)?) (?:reply|"
        r"response|answer|acknowledg\w+)|\bnot (?:been )?(?:answered|acknowledged|replied "
        r"to)|\bunanswered\b|\b(?:hmrc|they|you) (?:have|has|did) (?:not|never) (?:repl|"
        r"answer|respond|acknowledg)",
    ),
    _pattern(
        "hardship",
        _ALL,
        r"\b(?:overdraft|cannot (?:pay|meet|afford)|can['’]t (?:pay|meet|afford)|could not "
        r"(?:pay|meet|afford)|couldn['’]t (?:pay|meet|afford|fire|buy)|rent (?:arrears|is "
        r"due|on)|living off|borrow(?:ed|ing)? (?:money|from|60k|to)|behind with|food ?bank|"
        r"hardship|struggl\w+ (?:to|with)|counting on the (?:cash|money|refund)|mortgage "
        r"arrears|out of money|savings? (?:are|is) gone|credit card)\b",
    ),
    _pattern(
        "distress",
        _ALL,
        r"\b(?:lie awake|lying awake|sleepless\w*|(?:not|n['’]t|cannot|barely|hardly) (?:been "
        r")?(?:slept|sleep\w*)|worr(?:y|ied|ying|ies)|distress\w*|in tears|crying|cried|"
        r"anxi\w+|panic\w*|frighten\w*|afraid|scared|terrified|fear(?:s|ful|ed)?\b|stress\w*|"
        r"upset|depress\w*|ill with|doctor|gp\b|blood pressure|shaking|humiliat\w*|embarrass\w*|"
        r"how (?:she|he) felt)\b",
    ),
    _pattern("annoyance", _OURS, r"\b(?:annoy\w*|cross\b|irritat\w*|frustrat\w*|fed up|nuisance|inconvenien\w*)\b"),
    _pattern(
        "would_not_log",
        _HMRC,
        r"\b(?:can['’]?t|cannot|could not|couldn['’]t|unable to|won['’]t|would not|not able "
        r"to)\b[^.]{0,30}\b(?:log|record|pass|take|register|note|report)\b",
    ),
    _pattern(
        "address_updated",
        _HMRC,
        r"\b(?:updated|changed|amended) (?:your|the|her|his|their|our)\b[^.]{0,20}\baddress|"
        r"\baddress (?:has been|was|is now|now) (?:changed|updated)",
    ),
    _pattern(
        "address_not_updated",
        _ALL,
        r"\b(?:still (?:had|has|have|held|holds?|shows?|showed|using|used|going to)|not "
        r"(?:been )?(?:updated|changed)|out[- ]of[- ]date|old|former|previous|wrong)\b[^.]"
        r"{0,30}\baddress",
    ),
    _pattern(
        "system_error",
        _HMRC,
        r"\b(?:system (?:error|fault|issue|problem|glitch|feed)|error in our\b[^.]{0,30}\bsystem|"
        r"work management system|employer feed|automat(?:ed|ic|ically)\b[^.]{0,40}\b(?:error|"
        r"issued|created|re-?opened)|re-opened by|software (?:error|fault)|it (?:issue|problem|"
        r"fault)|migration (?:error|issue))\b",
    ),
    _pattern(
        "keying_error",
        _ALL,
        r"\b(?:keyed|keying|mis-?keyed|typed|typing (?:error|slip)|transpos\w+|data entry|"
        r"input error|captur(?:ed|ing) (?:incorrectly|wrongly|in error))\b(?! (?:up|same|"
        r"within))",
    ),
    _pattern(
        "authority_held",
        _ALL,
        r"\b64-?8 (?:is |was )?(?:held|on file|in place)|\bauthority (?:to act )?(?:is |"
        r"was )?(?:held|on file|in place)|\b(?:have|has|hold) (?:my|our|your|full)? ?authority\b|"
        r"\bagent (?:is )?authori[sz]ed\b",
    ),
    _pattern(
        "authority_denied",
        _HMRC,
        r"\b(?:no|not (?:hold|have|got|see)|cannot (?:see|find)|without)\b[^.]{0,30}\b(?:64-?8|"
        r"authori(?:ty|sation|zation))|\bnot authori[sz]ed\b|\b(?:cannot|can't|unable to)"
        r" (?:discuss|speak|talk)\b",
    ),
    _pattern(
        "vat_recovered",
        _NOT_HMRC,
        r"\b(?:reclaim(?:ed|s)?|recover(?:ed|s)?|claim(?:ed)? back)\b[^.]{0,25}\bvat\b|\bvat\b[^.]"
        r"{0,40}\b(?:reclaim(?:ed)?|recover(?:ed|able)?|claimed back)\b",
    ),
    _pattern(
        "vat_registered",
        _NOT_HMRC,
        r"\b(?:is|are|am|we're) (?:on |fully )?(?:vat[- ]registered|registered for vat)|"
        r"\b(?:quarterly|monthly|normal) vat returns\b",
    ),
    _pattern(
        "vat_not_registered",
        _NOT_HMRC,
        r"\bnot (?:vat[- ]registered|registered for vat)|\bcan(?:not|['’]t) (?:reclaim|recover) (?:the )?vat",
    ),
    _pattern(
        "fee_paid",
        _NOT_HMRC,
        r"\b(?:paid stamp|receipted|(?:fee|invoice|bill)\w*\b[^.]{0,40}\b(?:paid|settled)"
        r"|paid (?:your|our|the) (?:invoice|bill|fee|registrar))\b",
    ),
    _pattern(
        "fee_unpaid",
        _NOT_HMRC,
        r"\b(?:not (?:yet )?(?:paid|settled|billed|invoiced)|unbilled|unpaid (?:fee|invoice|"
        r"bill)|(?:invoice|fee|bill)\w*\b[^.]{0,30}\b(?:outstanding|unpaid))\b",
    ),
    _pattern(
        "causation",
        _NOT_HMRC,
        r"\b(?:because|since|as|having told us that|due to|owing to|on account of)\b[^.]"
        r"{0,60}\b(?:refund|repayment|hmrc|tax|revenue|vat)\b[^.]{0,50}\b(?:not|delay\w*|"
        r"late|failed|promised|withheld|frozen|error|held)",
    ),
    _pattern(
        "made_same_day",
        _NOT_HMRC,
        r"\b(?:note )?(?:typed|written|made|dictated)(?: up)?\b[^.]{0,40}\b(?:same day|at "
        r"the time|immediately|straight after|within (?:\w+ )?minutes|during the call)|\bcontemporaneous\b"
        r"|\bsame day \d",
    ),
    _pattern(
        "recorded_call",
        _ALL,
        r"\b(?:call|line|conversation)\b[^.]{0,30}\brecorded\b|\brecord(?:ed|ing) (?:of )?(?:the |this )?call",
    ),
    _pattern(
        "own_time",
        frozenset({"client"}),
        r"\b(?:my (?:own )?time|hours (?:on|of|chasing|sorting)|days? off|time off|unpaid leave|evenings?|weekends?)\b",
    ),
    _pattern(
        "advice",
        _HMRC,
        r"\b(?:ignore|disregard|no need to|don['’]t need to|do not need to|you (?:should|"
        r"can|must|only get|do not|don't)|out of time|too late|told us to|advised (?:us|"
        r"me|you) to|the (?:time )?limit is)\b",
    ),
)

_TOLD = re.compile(
    r"\b(?:worr\w+|frighten\w+|afraid|distress\w*|in tears|stress\w*|ill(?:ness)?\b|"
    r"safety|rent|hardship|cannot meet|counting on|disab\w+|bereave\w*|pregnan\w+|can(?:['’]"
    r"t|not) (?:pay|afford|meet)|could(?:n['’]t| not) (?:pay|afford|meet)|struggling|"
    r"overdraft|savings|anxi\w+)\b",
    re.I,
)


def find_statements(units: Sequence[Unit], profile: DocumentProfile) -> Iterator[Statement]:
    """Every statement of a known kind in a document, in order."""
    for unit in units:
        if _WROTE.match(unit.text):
            continue
        if profile.kind in {"time_record", "bank_statement"} or _header(unit):
            continue
        for kind, speakers, pattern in PATTERNS:
            found = pattern.search(unit.text) if unit.speaker in speakers else None
            if (
                found
                and not (kind == "upheld" and _negated(unit.text, found))
                and not _boilerplate(kind, unit, profile)
            ):
                yield Statement(kind, unit.speaker, unit.on or profile.written_on, unit.span())
        if _told_hmrc(unit, profile):
            yield Statement("told_hmrc_of_circumstances", unit.speaker, unit.on or profile.written_on, unit.span())


_WROTE = re.compile(r"^[>\s]*on\b.{6,60}\bwrote:\s*$", re.I)


def _header(unit: Unit) -> bool:
    return bool(re.match(r"^(?:from|to|cc|bcc|subject|date):", unit.text, re.I))


def _boilerplate(kind: StatementKind, unit: Unit, profile: DocumentProfile) -> bool:
    """Standing text of forms and conditions: "if you cannot pay", "you must appeal within", table rows, headings."""
    text = unit.text.strip()
    conditional = bool(
        re.match(r"\W*(?:if|unless|where|should you)\b|.*\bif (?:you|your|the return)\b", text, re.I | re.S)
    )
    if kind in {"refusal", "hardship", "distress", "not_processed"} and (
        conditional or ("|" in text and kind != "not_processed")
    ):
        return True
    if kind == "hardship":
        return len(text.split()) < 6 or profile.kind == "hmrc_notice"
    if kind == "advice":
        return (
            profile.kind in {"hmrc_notice", "hmrc_statement"}
            or conditional
            or bool(re.search(r"\breview\b|\badjudicator\b", text, re.I))
        )
    if kind == "fee_paid":
        return bool(re.search(r"\bproduction of\b|\bonce\b|\bwhen\b|\bwithout a paid\b", text, re.I))
    return False


def _negated(text: str, found: re.Match[str]) -> bool:
    return bool(re.search(r"\b(?:not|cannot|can't|unable to)\s+(?:be\s+)?$", text[: found.start()] + " ", re.I))


def _told_hmrc(unit: Unit, profile: DocumentProfile) -> bool:
    """The client's circumstances told to HMRC: in our letters to it, and in what we said by telephone or webchat."""
    to_hmrc = profile.recipient == "hmrc" or profile.kind in {"call_note", "webchat"}
    return to_hmrc and unit.speaker in {"agent", "client"} and bool(_TOLD.search(unit.text))
