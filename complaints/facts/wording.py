"""HMRC's and our own sentences turned into lines of a chronology: reported speech, past tense, "we" for the practice.

The rules are those of English reported speech: verbs step back one tense, pronouns follow the person, "this" and
"today" become "that" and "that day". Figures, dates and names are never touched.
"""

import re
from dataclasses import dataclass

from complaints.facts.records import Actor
from complaints.facts.view import flat


@dataclass(frozen=True, slots=True)
class Voices:
    """Who "I" and "you" are in a text, and how the client is called."""

    speaker: Actor
    addressee: Actor | None
    client: str  # "Miss Quernmore", "Pellwater Joinery Limited"


_PRESENT_TO_PAST = {
    "show": "showed",
    "shows": "showed",
    "say": "said",
    "says": "said",
    "need": "needed",
    "needs": "needed",
    "ask": "asked",
    "asks": "asked",
    "agree": "agreed",
    "agrees": "agreed",
    "believe": "believed",
    "consider": "considered",
    "considers": "considered",
    "think": "thought",
    "owe": "owed",
    "owes": "owed",
    "give": "gave",
    "gives": "gave",
    "include": "included",
    "includes": "included",
    "require": "required",
    "requires": "required",
    "remain": "remained",
    "remains": "remained",
    "accept": "accepted",
    "accepts": "accepted",
    "understand": "understood",
    "regret": "regretted",
    "uphold": "upheld",
    "enclose": "enclosed",
    "want": "wanted",
    "wants": "wanted",
    "wish": "wished",
    "wishes": "wished",
    "appear": "appeared",
    "appears": "appeared",
    "propose": "proposed",
    "intend": "intended",
    "expect": "expected",
    "hope": "hoped",
    "know": "knew",
    "see": "saw",
    "do": "did",
    "does": "did",
    "don't": "did not",
    "doesn't": "did not",
    "apologise": "apologised",
    "apologize": "apologised",
    "continues": "continued",
    "applies": "applied",
    "reject": "rejected",
    "refuse": "refused",
    "calculate": "calculated",
    "complain": "complained",
    "object": "objected",
    "refer": "referred",
    "request": "requested",
    "disagree": "disagreed",
    "hold": "held",
    "holds": "held",
    "relates": "related",
    "means": "meant",
    "have": "had",
    "has": "had",
}
_AUXILIARIES = (
    (r"\bhaven't\b|\bhasn't\b", "had not"),
    (r"\b(?:isn't)\b", "was not"),
    (r"\baren't\b", "were not"),
    (r"\bcan't\b|\bcannot\b", "could not"),
    (r"\bwon't\b", "would not"),
    (r"\bshouldn't\b", "should not"),
    (r"\bcouldn't\b", "could not"),
    (r"\bdidn't\b", "did not"),
    (
        r"\b(?:has|have)(?: now)?\b(?= (?:not )?(?:been|\w+ed|\w+en|not|had|also|to|asked|"
        r"sent|made|paid|put|lost|kept|read|taken))",
        "had",
    ),
    (r"\bwill\b|\bshall\b", "would"),
    (r"\bcan\b", "could"),
    (r"\b(?-i:may)\b", "might"),
    (r"\bam\b|\bis\b", "was"),
    (r"\bare\b", "were"),
)
_MODAL = re.compile(
    r"\b(?:to|would|will|could|can|should|shall|might|may|must|did|do|does|don't|doesn't|"
    r"didn't|not)\s+(?:also\s+|now\s+|never\s+|not\s+|ever\s+)*$",
    re.I,
)
_AFTER_MODAL = re.compile(
    r"\b(?:to|would|could|should|might|must|may|will|can)\s+(?:not\s+|never\s+|also\s+|have\s+)*$", re.I
)
# Words that are nouns as often as verbs step back only after somebody who does them.
_ALSO_NOUNS = frozenset(
    {
        "need",
        "needs",
        "request",
        "claim",
        "hope",
        "wish",
        "want",
        "wants",
        "object",
        "appeal",
        "show",
        "hold",
        "see",
        "cost",
        "refer",
        "do",
        "say",
    }
)
_SUBJECT = re.compile(
    r"\b(?:I|we|they|he|she|it|HMRC|you|who|that|which|records?|system|adviser|and)\s+(?:also\s+|"
    r"still\s+)?$"
)


def tidy(text: str) -> str:
    """A sentence on one line, without bullets, numbers of lists, clock times of a chat, or its full stop."""
    line = flat(re.sub(r"(\w)-\s*\n\s*([a-z])", r"\1-\2", text))
    line = (
        re.sub(r"^\W*\[?\d{1,2}[:.]\d{2}(?::\d{2})?\]?\s*(?:[A-Z][\w .'-]{0,25}:)?\s*", "", line)
        if re.match(r"^\W*\[?\d{1,2}[:.]\d{2}", line)
        else line
    )
    line = re.sub(r"^(?:[-•*>–]+|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+", "", line)
    return line.rstrip(" .;:,")


def backshift(text: str) -> str:
    """The verbs of a clause one tense back; words inside quotation marks stay."""
    parts = re.split(r"([\"“][^\"”]*[\"”])", text)
    return "".join(part if i % 2 else _shift(part) for i, part in enumerate(parts))


def _unless_after_modal(pattern: str, new: str, text: str) -> str:
    def step(found: re.Match[str]) -> str:
        return found.group(0) if _AFTER_MODAL.search(found.string[: found.start()]) else new

    return re.sub(pattern, step, text, flags=re.I)


def _shift(text: str) -> str:
    for pattern, new in _AUXILIARIES:
        text = _unless_after_modal(pattern, new, text)

    def past(found: re.Match[str]) -> str:
        before, word = text[: found.start()], found.group(0).lower()
        if _MODAL.search(before) or (word in _ALSO_NOUNS and before.strip() and not _SUBJECT.search(before)):
            return found.group(0)
        return _PRESENT_TO_PAST[found.group(0).lower()]

    words = "|".join(sorted(map(re.escape, _PRESENT_TO_PAST), key=len, reverse=True))
    text = re.sub(rf"\b(?:{words})\b(?!['’-])(?! (?:in respect|of the)\b)", past, text)
    return re.sub(r"\b(?:also )?now\b ?", "", text).replace("  ", " ")


_PLACES = (
    (r"\bthis (letter|notice|decision|reply)\b", r"that \1"),
    (r"\btoday\b", "that day"),
    (r"\byesterday\b", "the day before"),
    (r"\btomorrow\b", "the next day"),
)


def exchange_pronouns(text: str, voices: Voices) -> str:
    """First and second persons replaced by the names that the letter uses."""
    parts = re.split(r"([\"“][^\"”]*[\"”])", text)
    return "".join(part if i % 2 else _exchange(part, voices) for i, part in enumerate(parts))


_TAKES_OBJECT = (
    "contact|contacted|tell|told|ring|call|send|sent|give|gave|given|pay|paid|let|ask|"
    "asked|refund|refunded|repay|repaid|notify|"
    "notified|advise|advised|help|inform|informed|remind|owe|owes|owed|to|for|with|from|by|about|of|thank"
)


def _exchange(text: str, voices: Voices) -> str:
    client_own = f"{voices.client}'s"
    text = re.sub(r"\b(?:your|our|my) client(?:'s|’s)\b", lambda _m: client_own, text, flags=re.I)
    text = re.sub(r"\b(?:your|our|my) client\b", lambda _m: voices.client, text, flags=re.I)
    first = _forms(voices.speaker, voices.client)
    second = _forms(voices.addressee, voices.client) if voices.addressee else None
    marked = text
    for pattern, slot in (
        (r"\b(?:I|we)\b", 0),
        (r"\b(?:me|us)\b", 1),
        (r"\b(?:my|our)\b", 2),
        (r"\b(?:mine|ours)\b", 2),
    ):
        marked = re.sub(pattern, f"\x00{slot}", marked) if slot != 0 else re.sub(r"\bI\b|\b[Ww]e\b", "\x000", marked)
    marked = re.sub(r"\b[Mm]y\b|\b[Oo]ur\b", "\x002", marked)
    if second:
        marked = re.sub(rf"\b({_TAKES_OBJECT}) you\b", lambda m: f"{m.group(1)} {second[1]}", marked, flags=re.I)
        marked = re.sub(r"\b[Yy]our\b", lambda _m: second[2], marked)
        marked = re.sub(
            r"(?<=[a-z] )\b[Yy]ou\b(?=[.,;]|$| (?:by|within|on|in|for|at|about|that|to|a|the)\b)",
            lambda _m: second[1],
            marked,
        )
        marked = re.sub(r"\b[Yy]ou\b", lambda _m: second[0], marked)
    for slot in (0, 1, 2):
        marked = marked.replace(f"\x00{slot}", first[slot])
    for pattern, new in _PLACES:
        marked = re.sub(pattern, new, marked, flags=re.I)
    return marked


def _forms(actor: Actor | None, client: str) -> tuple[str, str, str]:
    """Subject, object and possessive for an actor as the letter calls them."""
    if actor == "agent":
        return "we", "us", "our"
    if actor == "hmrc":
        return "HMRC", "HMRC", "HMRC's"
    if actor == "client":
        return client, client, f"{client}'s"
    return "they", "them", "their"


def reported(text: str, voices: Voices) -> str:
    """A sentence as reported speech after "HMRC wrote that": "it would be issued within 14 days of ..."."""
    line = tidy(text)
    line = re.sub(
        r"^(?:please note that|(?:i|we) (?:can )?confirm(?: that)?|i can see "
        r"that|i can tell you that|as (?:you know|requested),|i am (?:very )?sorry (?:to "
        r"(?:see|hear|learn) )?that|(?:i|we) apologi[sz]e that)\s+",
        "",
        line,
        flags=re.I,
    )
    line = re.sub(r"\s(?:shown |set out |listed |given )?(?:below|above|overleaf)\b", "", line)
    line = re.sub(
        r"^(?:those|these|this|that) (?=[a-z]+ (?:have|has|had|was|were|is|are|will)\b)", "the ", line, flags=re.I
    )
    line = exchange_pronouns(_expand(line), voices)
    line = _agree(backshift(line), voices.client)
    return lower_first(re.sub(r"\bHMRC were\b", "HMRC was", re.sub(r"\bwe was\b", "we were", line)))


_AFTER_NAME = {
    "are": "was", "were": "was", "have": "had", "do": "did", "find": "found", "return": "returned", "send": "sent",
    "issue": "issued", "aim": "aimed", "note": "noted", "make": "made", "treat": "treated", "keep": "kept",
    "take": "took", "plan": "planned", "charge": "charged", "add": "added", "pay": "paid", "need": "needed",
    "owe": "owed", "enclose": "enclosed", "write": "wrote", "understand": "understood", "hold": "held",
}  # fmt: skip


def _agree(line: str, client: str) -> str:
    """Verbs that follow "we" or "you" made to follow the name that stands for it."""
    names = "|".join(map(re.escape, ("HMRC", client))) if client else "HMRC"

    def follow(found: re.Match[str]) -> str:
        after = _MODAL.search(line[: found.start()]) or re.search(r"\b(?:the|an|a|this) $", line[: found.start()])
        return found.group(0) if after else f"{found.group(1)} {_AFTER_NAME[found.group(2)]}"

    line = re.sub(r"(\b(?:it|HMRC) had [^,;.]{3,60} and) were\b", r"\1 was", line)
    line = re.sub(rf"\b({names}) ({'|'.join(_AFTER_NAME)})\b", follow, line)
    return re.sub(
        r"(\bHMRC\b[^\"“]*?\b(?:opened|closed|completed|changed|checked|finished|lost|began)) HMRC['’]s\b",
        r"\1 its",
        line,
    )


def after_hmrc(line: str) -> str:
    """A clause after "HMRC wrote that", in which HMRC has been named: "its records", "it had authorised"."""
    line = re.sub(r"\bHMRC['’]s\b", "its", line)
    return re.sub(
        r"^HMRC\b|\bHMRC (?=(?:had|was|would|could|did|might|received|changed|sent|issued|"
        r"kept|made|asked|needed)\b)",
        lambda m: "it " if m.group(0).endswith(" ") else "it",
        line,
    )


def _expand(line: str) -> str:
    line = re.sub(r"\b(I|we|they|you)['’]ve\b", r"\1 have", line, flags=re.I)
    line = re.sub(r"\b(I|we|he|she|it|they|you)['’]ll\b", r"\1 will", line, flags=re.I)
    line = re.sub(r"\bI['’]m\b", "I am", line)
    return re.sub(r"\b(we|they|you)['’]re\b", r"\1 are", line, flags=re.I)


_KEEP_CAPITAL = re.compile(
    r"^(?:[A-Z]{2,}|[A-Z]\d|I\b|HMRC|Mr|Mrs|Miss|Ms|Dr|Self|Corporation|National|VAT|"
    r"PAYE|Adjudicator|January|February|March|April|May\b|June|July|August|September|"
    r"October|November|December|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|[A-Z][a-z]+ [A-Z])"
)


_SMALL_WORD = re.compile(
    r"(?:From|In|On|At|For|To|By|With|As|After|Before|Since|The|An?|Our|Your|If|When|Its?|His|Her|Their|That|"
    r"This|There|"
    r"Until|Under|Without|Although|Because|While|Once|No|Any|All|Both)\s"
)


def lower_first(text: str) -> str:
    """The first letter made small, unless it begins a name."""
    return (
        text if (_KEEP_CAPITAL.match(text) and not _SMALL_WORD.match(text)) or not text else text[0].lower() + text[1:]
    )


def upper_first(text: str) -> str:
    return text[:1].upper() + text[1:]


def request(text: str, voices: Voices) -> str:
    """An imperative request as what was asked for: "Please issue code 1257L" -> "issue code 1257L"."""
    line = tidy(text)
    line = re.sub(
        r"^(?:please|kindly|would you(?: please)?|could you(?: please)?|can you(?: please)"
        r"?|(?:i|we) (?:should|would) be (?:very )?grateful if you (?:would|could)|(?:i|"
        r"we) (?:would )?ask (?:that )?you to)\s+(?:also\s+|now\s+)?",
        "",
        line,
        flags=re.I,
    )
    line = exchange_pronouns(line, voices)
    return lower_first(backshift_after_first_verb(line))


def backshift_after_first_verb(line: str) -> str:
    """An infinitive keeps its verb; what hangs on it steps back one tense."""
    head, space, rest = line.partition(" ")
    return head + space + backshift(rest) if space else line


def shorten(text: str, limit: int = 230) -> str:
    """A line cut at the last clause before `limit`; never inside a figure, a word or a quotation."""
    if len(text) <= limit:
        return text
    cuts = [m.start() for m in re.finditer(r"[,;:] |\. | and | because | which | where ", text[:limit])]
    for cut in reversed(cuts):
        head = text[:cut]
        if (
            len(head) > limit // 3
            and head.count('"') % 2 == 0
            and head.count("“") == head.count("”")
            and head.count("(") == head.count(")")
        ):
            return head.rstrip(" ,;:")
    return text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:")
