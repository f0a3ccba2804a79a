"""Who wrote a paper: evidence of several classes, each worth points, and the actor with most points wrote it.

No single mark decides. A practice's name at the top may be a letterhead or an addressee; "our" may be anybody's. So the
order of the blocks at the head, the title, the salutation, the references, the way of speaking and the signature are
weighed against each other. The words are those of HMRC's and agents' papers of any tax.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from complaints.facts.advices import is_delivery_notice, is_payment_advice
from complaints.facts.marks import COMPUTATION, NOTICE_TITLE, PAYMENT_SLIP, STATEMENT_TITLE, TRIBUNAL
from complaints.facts.names import HMRC, PUBLIC_BODY, organisation
from complaints.facts.records import Actor
from complaints.facts.view import page_lines
from complaints.facts.voices import agent_points, client_points, hmrc_points, speaks_for_hmrc, third_party_points
from lightpoint.language.dates import find_dates

if TYPE_CHECKING:
    from complaints.facts.kinds import Look

Scores = dict[Actor, int]
_ACTORS: tuple[Actor, ...] = ("hmrc", "agent", "client", "third_party")
DEPARTMENT = re.compile(
    r"^\W*(?:debt management|field force|enforcement|customer (?:compliance|services?)|"
    r"(?:individuals?|small business|large business|wealthy|mid-?sized?)\b.{0,40}(?:compliance|business)|"
    r"corporation tax|ct services|self assessment|pay as you earn|paye\b|employer\b|nics?\b|national insurance|vat\b|"
    r"stamp (?:taxes|duty)|trusts?\b(?: and estates)?|inheritance tax|iht\b|tax credits?|child benefit|student loans?|"
    r"construction industry|cis\b|customs|excise|national (?:duty|clearance)|statutory reviews?|reviews?\b|"
    r"complaints?\b|appeals and reviews|seiss|cjrs|covid|central agent|agent (?:authori|services)|post[- ]payment|"
    r"insolvency|charities|pension schemes|capital gains|cgt\b|real time|rti\b|local compliance|counter-?avoidance)",
    re.I,
)
_ONLINE_FORM = re.compile(
    r"\breport and pay\b|\b(?:submitted|filed|sent|printed|viewed)\b:?.{0,40}\bby (?:your |the )?agent\b|"
    r"\b(?:submission|return) (?:summary|receipt|confirmation)\b|\bpersonal tax account\b|\bbusiness tax account\b|"
    r"\bgovernment gateway\b|\bgov\.uk\b|\bhmrc online\b|\b(?:self assessment|vat|corporation tax|paye|employer|"
    r"duty deferment|customs|cash) account\W*$|\bview your (?:account|tax)\b|\bagent services account\b",
    re.I,
)
_DEAR = re.compile(r"^\W*(?:dear|to whom)\b", re.I)
_SUBJECT_OF_DEBT = re.compile(r"£|\bdebt\b|\bowed? to\b|\bre:|\bon behalf of\b|\bact(?:ing)? for\b", re.I)


def author_of(look: "Look") -> Actor:
    """Who wrote a document."""
    sender = look.headers.get("from")
    if _slip(look, sender or ""):
        return "third_party"
    if sender:
        return _sender(look, sender)
    scores: Scores = dict.fromkeys(_ACTORS, 0)
    for rule in _RULES:
        for actor, points in rule(look).items():
            scores[actor] += points
    best = max(scores.values())
    if best <= 0:
        return "third_party"
    return next(actor for actor in _ACTORS if scores[actor] == best)


def _slip(look: "Look", sender: str) -> bool:
    """A carrier's or a bank's slip names HMRC as addressee or payee, and the practice or client as its customer."""
    own = look.names.who_wrote(sender) != "third_party" if sender else look.names.is_practice("\n".join(look.head[:3]))
    return not own and (is_delivery_notice(look.text) or is_payment_advice(look.text))


_SERVICE = re.compile(r"no-?\.?reply|do-?not-?reply|online|gateway|digital|alerts?|receipts?|submission", re.I)
_OF_TAX = re.compile(
    r"(?:\b|[-.@])(?:tax|vat|paye|customs|duty|duties|self assessment|government|ct|sdlt|stamp|cgt|rti|revenue|"
    r"compliance|statutory-review|reviews?|complaints?|debt-?management|seiss|cis|employer)(?:\b|[-.])",
    re.I,
)


def _sender(look: "Look", sender: str) -> Actor:
    """Mail of HMRC's need not name HMRC in its address: services and officers are known by what they say."""
    actor = look.names.who_wrote(sender)
    if actor != "third_party":
        return actor
    said = f"{look.headers.get('subject', '')} {look.text}"
    own_words = said.split("From:")[1] if said.count("From:") > 1 else said
    return "hmrc" if is_of_hmrc(sender, own_words) else actor


def is_of_hmrc(sender: str, words: str) -> bool:
    """Whether mail from a sender unknown to the case is HMRC's, by its address and by how it speaks."""
    of_tax = bool(_OF_TAX.search(sender))
    if _SERVICE.search(sender) and (of_tax or HMRC.search(words[:700])):
        return True
    return hmrc_points(words) + of_tax >= 2 and not third_party_points(words)


def _by_letterhead(look: "Look") -> Scores:
    """The order of the blocks at the head, and on which side of HMRC's block the date stands."""
    blocks = _blocks(look)
    if not blocks:
        return {}
    first = blocks[0]
    if first == "other":
        return {"third_party": 5}
    if first == "hmrc":
        return {"hmrc": 4}
    return _ours_first(first, blocks)


def _ours_first(first: str, blocks: list[str]) -> Scores:
    """A practice or client at the top: the sender where the date parts it from HMRC, else perhaps the addressee."""
    who: Actor = "agent" if first == "agent" else "client"
    if "hmrc" not in blocks:
        return {who: 3 if who == "agent" else 1}
    dated = blocks.index("date") if "date" in blocks else None
    if dated is None:
        return {who: 1, "hmrc": 1}
    if dated < blocks.index("hmrc"):
        return {who: 4 if who == "agent" else 3}
    return {who: 1, "hmrc": 3 if who == "client" else 2}


def _blocks(look: "Look") -> list[str]:
    """The blocks at the head in order: hmrc, agent, client, other (a body unknown to the case), date."""
    found: list[str] = []
    lines = look.top.splitlines()
    for index, line in enumerate(lines):
        kind = _block(line, index, lines, look)
        if kind and (not found or found[-1] != kind):
            found.append(kind)
    return found


def _block(line: str, index: int, lines: list[str], look: "Look") -> str:
    if HMRC.search(line) and not _SUBJECT_OF_DEBT.search(line):
        return "hmrc"
    if look.names.find_practice(line) is not None or (len(line) < 60 and look.names.is_practice(line)):
        return "agent"
    if any(m.complete for m in find_dates(line)) and len(line) < 70:
        return "date"
    if _department(line, index, lines):
        return "hmrc"
    if index < 2 and (_foreign(line) or TRIBUNAL.search(line)) and not look.names.is_client(line):
        return "other"
    return "client" if _names_client(line, look) else ""


def _department(line: str, index: int, lines: list[str]) -> bool:
    """A unit of HMRC above or below its name."""
    near = lines[max(0, index - 2) : index + 4]
    named = any(HMRC.search(other) and not _SUBJECT_OF_DEBT.search(other) for other in near)
    return bool(DEPARTMENT.match(line)) and len(line) < 70 and named


def _foreign(line: str) -> bool:
    return organisation(line) and not HMRC.search(line) and not DEPARTMENT.match(line) and "£" not in line


def _names_client(line: str, look: "Look") -> bool:
    return look.names.is_client(line) and len(line.split()) < 14 and "|" not in line and not line.endswith(".")


_HMRCS_FORM = re.compile(
    r"^\W*(?:[^.]{0,40}\|\W*)?(?:land transaction return certificate|sdlt5\b|certificate of tax deposit|"
    r"(?:annual )?tax summary|change of \w+(?: \w+)?\W+confirm)",
    re.I,
)
_EMPLOYERS_FORM = re.compile(r"^\W*(?:form )?(?:P60|P45|P11D(?:\(b\))?|payslip|pay advice)\b", re.I)
_TAX = re.compile(
    r"\b(?:tax|vat|national insurance|nics?|paye|duty|levy|self assessment|student loan|contributions|hmrc)\b", re.I
)


_TITLE_LENGTH = 200


def _by_form(look: "Look") -> Scores:
    """Forms that their title or the body at their head gives to one who is not party to the complaint, or to HMRC."""
    if any(_EMPLOYERS_FORM.search(line) for line in look.head[:2]):
        return {"third_party": 8}
    letterhead = [line[:_TITLE_LENGTH] for line in look.head[:5] if not HMRC.search(line)]
    if any(PUBLIC_BODY.search(line) and len(line) < 90 and not line.endswith(".") for line in letterhead):
        return {"third_party": 8}
    if any(_HMRCS_FORM.search(line[:_TITLE_LENGTH]) for line in look.head[:5]):
        return {"hmrc": 5}
    slip = any(PAYMENT_SLIP.search(line) for line in look.head[:3]) and _TAX.search("\n".join(look.head[:8]))
    return {"hmrc": 6} if slip and not any(_foreign(line) for line in look.head[:2]) else {}


def _by_title(look: "Look") -> Scores:
    head = "\n".join(line for line in look.head[:8] if not line.endswith("."))
    own = look.names.find_practice("\n".join(look.head[:2])) is not None or COMPUTATION.search(head)
    lender = any(_foreign(line) and not look.names.is_client(line) for line in look.head[:2])
    titled = NOTICE_TITLE.search(head) or STATEMENT_TITLE.search(head)
    if own or lender:
        return {}
    if titled:
        return {"hmrc": 4}
    return {"hmrc": 4} if any(_ONLINE_FORM.search(line) for line in look.head[:6]) else {}


def _by_salutation(look: "Look") -> Scores:
    line = next((x for x in look.head if _DEAR.match(x)), "")
    if not line:
        return {}
    if HMRC.search(line) or re.search(r"\b(?:inspector|officer|complaints? (?:team|handler|manager))\b", line, re.I):
        return {"agent": 3, "client": 2}
    if re.match(r"\W*dear (?:sirs?|madam|sir or madam|sir/madam|colleagues?)\b", line, re.I):
        return {"agent": 1, "client": 1, "third_party": 1}
    if re.search(r"\b(?:agent|customer|taxpayer|employer)\b", line, re.I) or _greets_practice(line, look):
        return {"hmrc": 3, "third_party": 1}
    return {"hmrc": 1, "third_party": 1} if look.names.is_client(line) else {}


def _greets_practice(line: str, look: "Look") -> bool:
    words = re.findall(r"[a-z]+", line.lower())
    return look.names.is_practice(line) or any(word in words for word in look.names.practice_words)


def _by_reference(look: "Look") -> Scores:
    """HMRC quotes its own reference and letters to it quote "your ref"."""
    top = "\n".join(look.head[:16])
    ours = re.search(r"^\W*(?:our|hmrc) ref(?:erence)?\b", top, re.I | re.M)
    yours = re.search(r"\byour ref(?:erence)?\b", top, re.I)
    if yours and not ours:
        return {"agent": 2, "client": 1}
    if ours and not yours:
        return {"hmrc": 1}
    form = re.search(r"\b(?:date of issue|issue date|penalty reference|accounts office reference)\b", top, re.I)
    return {"hmrc": 2} if form else {}


def _by_voice(look: "Look") -> Scores:
    text = look.text
    scores: Scores = {
        "hmrc": min(2 * hmrc_points(text), 8),
        "agent": min(2 * agent_points(text), 8),
        "client": min(2 * client_points(text), 4),
        "third_party": min(5 * third_party_points(text), 5),
    }
    if speaks_for_hmrc(text):
        scores["hmrc"] += 2
    return scores


_OFFICE = re.compile(
    r"\b(?:case ?worker|customer (?:service|compliance|relationship)|complaints? (?:handler|resolution|team|officer)|"
    r"(?:higher|senior|review|verification|compliance|tax|customs|decision|appeals|vat|revenue|executive|assistant|"
    r"debt|collection|technical|authorised) officer|officer of|inspector of taxes|debt management|tax specialist|"
    r"for hmrc|operations|statutory review)\b",
    re.I,
)
_FIRM = re.compile(
    r"\b(?:partner|principal|tax (?:adviser|advisor|manager|senior|director|consultant)|accountant|associate|"
    r"for and on behalf of|payroll (?:lead|manager)|chartered|agents? for|practice manager|client manager|adviser)\b",
    re.I,
)


def _by_signature(look: "Look") -> Scores:
    block = _signing(look)
    if look.names.is_practice(block):
        return {"agent": 4}
    if _OFFICE.search(block) or HMRC.search(block):
        return {"hmrc": 3}
    if _FIRM.search(block):
        return {"agent": 2}
    return {"client": 2} if look.names.is_client(block) else {}


_CLOSING = re.compile(
    r"^\W*(?:yours (?:faithfully|sincerely|truly)|(?:kind|best|warm) (?:regards|wishes)|regards|yours)\b", re.I
)


def _signing(look: "Look") -> str:
    """The lines below the closing words, else the last two short lines."""
    lines = [line.strip() for page in look.document.pages for _start, _end, line in page_lines(page)]
    at = next((i for i in range(len(lines) - 1, -1, -1) if _CLOSING.match(lines[i])), None)
    if at is not None:
        return " / ".join(lines[at + 1 : at + 5])[:200]
    tail = [line for line in lines[-2:] if len(line) < 70 and "|" not in line and not line.endswith(".")]
    return " / ".join(tail) if len(lines) > 4 else ""


_RULES: tuple[Callable[["Look"], Scores], ...] = (
    _by_letterhead,
    _by_form,
    _by_title,
    _by_salutation,
    _by_reference,
    _by_voice,
    _by_signature,
)
