"""Who did what to whom, whose a thing is, and what a sum of money is. Pure."""

import re
from collections.abc import Iterator, Sequence

from lightpoint.grounding import words
from lightpoint.grounding.authorship import authorship_of
from lightpoint.grounding.callings import wrong_actors
from lightpoint.grounding.context import PAGE, Context, segment_names
from lightpoint.grounding.deeds import wrong_doers, wrong_owners
from lightpoint.grounding.entities import Entity
from lightpoint.grounding.flows import check_flows
from lightpoint.grounding.mixups import mixed_up
from lightpoint.grounding.predicates import Predicate, amount_key
from lightpoint.grounding.reading import Reading, Segment, Token
from lightpoint.grounding.records import Reason
from lightpoint.grounding.verbs import is_verb

_VAGUE_MONEY = frozenset({"total", "balance", "estimate_sum", "fee", "interest", "relief", "benefit", "account"})


TWO_SIDED = frozenset(
    {"send", "pay", "repay", "tell", "bill", "lend", "offer", "ask", "promise", "call", "complain", "charge", "owe"}
)
_ALIKE = 0.3  # below this a stretch of evidence shares only common words with the sentence, and is no counter-proof
_OWED_TO_HMRC = frozenset(
    {"debt", "tax", "penalty", "owe", "assess", "demand", "underpay", "liability_tax", "interest", "enforce"}
)
_OWED_BY_HMRC = frozenset({"repay", "overpay", "credit", "claim", "compensation", "fee", "due"})


def check(context: Context) -> tuple[int, list[Reason]]:
    """Return what the sentence turns round; roles add no assertions of their own."""
    details = [
        *_turned_round(context),
        *_wrong_owner(context),
        *_wrong_money(context),
        *_wrong_debtor(context),
        *_wrong_purpose(context),
        *_foreign_money(context),
        *_wrong_author(context),
        *_sent_the_other_way(context),
        *_turned_pairs(context),
        *check_flows(context),
        *wrong_actors(context),
        *wrong_doers(context),
        *wrong_owners(context),
        *mixed_up(context),
    ]
    return 0, [Reason("role", detail) for detail in dict.fromkeys(details)]


def _turned_round(context: Context) -> Iterator[str]:
    for claim in context.claims:
        if (claim.agent is None and not claim.patients) or not _is_doing(context, claim):
            continue
        grounds = _grounds_for(context, claim)
        if grounds and not any(_agrees(context, claim, ground) for ground in grounds):
            yield f"the evidence has somebody else in the part that the sentence gives with {claim.text!r}"


def _is_doing(context: Context, claim: Predicate) -> bool:
    """Whether a word names something that one does to another: a verb, or the noun of a verb ("offer", not "trust").

    On a page, where many do many things, only doings with two sides can be told apart.
    """
    if claim.lemma in words.LIGHT_VERBS:
        return False
    if len(context.segments) > PAGE:
        return bool(claim.frame & TWO_SIDED)
    return claim.verb or bool(claim.concepts & words.lexicon().doings)


def _grounds_for(context: Context, claim: Predicate) -> list[Predicate]:
    """The evidence about the same doing: where sums of money go with it, about the same sum."""
    found = [g for g in context.grounds if g.frame & claim.frame and (g.agent or g.patients) and _comparable(claim, g)]
    same_sum = [g for g in found if g.amounts & claim.amounts]
    if same_sum:
        return same_sum
    found = [g for g in found if not (g.amounts and claim.amounts)]
    wanted = claim.segment.concepts() | segment_names(claim.segment)
    beside = {id(g): context.overlap(wanted - g.concepts, g.segment) for g in found}
    best = max(beside.values(), default=0.0)
    least = _ALIKE if len(context.segments) > PAGE else 0.0
    return [g for g in found if beside[id(g)] >= best / 2] if best >= least else []


def _comparable(claim: Predicate, ground: Predicate) -> bool:
    """Verbs are compared with verbs and with nouns that name their doer."""
    return claim.verb == ground.verb or ground.agent is not None


def _agrees(context: Context, claim: Predicate, ground: Predicate) -> bool:
    if claim.agent is not None and ground.agent is not None and not _same(context, claim.agent, ground.agent):
        return False
    if claim.agent is not None and ground.agent is None and _is_only_patient(claim.agent, claim, ground):
        return False
    if claim.patients and ground.patients:
        return any(one.same_as(other) for one in claim.patients for other in ground.patients)
    if claim.patients and ground.agent is not None and claim.agent is None:
        turned = any(patient.same_as(ground.agent) for patient in claim.patients if patient.kind != "client")
        return not turned or not (ground.patients or ground.concepts & TWO_SIDED)
    return True


def _same(context: Context, claimed: Entity, stated: Entity) -> bool:
    """Whether two may be one; "the client" is nobody else where the evidence speaks of "the client" too."""
    speaks_of_client = any(e.kind == "client" for reading in context.readings for e in reading.entities)
    if claimed.kind == "client" and stated.kind != "client" and speaks_of_client:
        return False
    return claimed.same_as(stated)


def _is_only_patient(agent: Entity, claim: Predicate, ground: Predicate) -> bool:
    return any(agent.same_as(p) and p.kind != "client" for p in ground.patients) and not any(
        agent.same_as(p) for p in claim.patients
    )


_AUTHORED = frozenset(
    {"send", "promise", "demand", "apologise", "uphold", "reject", "offer", "charge", "assess", "withdraw", "bill"}
)


_CONVERSATION = re.compile(
    r"\b(?:call|phone|telephone|webchat|meeting|visit|attendance|transcript|conversation)\b", re.IGNORECASE
)


def _wrong_author(context: Context) -> Iterator[str]:
    """Something said, sent or decided in papers that by their headings somebody else wrote."""
    authors = [authorship_of(r.text).author for i, r in context.evidence if i not in ("computed", "case")]
    known = [author for author in authors if author is not None]
    if not known or len(known) < len(authors) or any(_CONVERSATION.search(r.text[:200]) for r in context.readings):
        return
    for claim in context.claims:
        finite = claim.verb and not claim.text.endswith("ing") and claim.text != claim.lemma
        if not finite or claim.agent is None or not claim.concepts & _AUTHORED:
            continue
        own = any(
            _same(context, claim.agent, author) and not _is_hmrc_for_client(claim.agent, author) for author in known
        )
        done = any(
            g.agent is not None and _same(context, claim.agent, g.agent)
            for g in context.grounds
            if g.frame & claim.frame
        )
        if not own and not done and not _acts_in_evidence(context, claim.agent):
            yield f"the papers are not by {claim.agent.text}, who is said to have {claim.text}"


_WRITING = frozenset({"say", "tell", "send", "ask", "complain", "answer"})


def _sent_the_other_way(context: Context) -> Iterator[str]:
    """A paper said to be written by the one it was written to."""
    for reading in context.readings:
        paper = authorship_of(reading.text)
        for claim in context.claims:
            if paper.author is None or paper.recipient is None or claim.agent is None or not claim.verb:
                continue
            written = claim.concepts & {"say", "tell", "send"} and any(p.same_as(paper.author) for p in claim.patients)
            told = any(g.agent and g.agent.same_as(claim.agent) and g.concepts & _WRITING for g in context.grounds)
            turned = claim.agent.same_as(paper.recipient) and not claim.agent.same_as(paper.author)
            if written and turned and (context.strict or not told):
                yield f"the paper is from {paper.author.text} to {paper.recipient.text}"


def _acts_in_evidence(context: Context, party: Entity) -> bool:
    """Whether somebody who did not write a paper has a doing or a thing of their own told in it."""
    return any(ground.agent is not None and ground.agent.same_as(party) for ground in context.grounds)


_FROM_TO = re.compile(
    r"\bfrom\s+(?P<old>£?[\w.,]*\d[\w.,]*?)\s+to\s+(?P<new>£?[\w.,]*\d[\w.,]*?)(?=[\s.,;]|$)", re.IGNORECASE
)


def _turned_pairs(context: Context) -> Iterator[str]:
    """ "from K42 to 1257L" where the evidence has "from 1257L to K42"."""
    stated = {(m["old"].lower(), m["new"].lower()) for m in _FROM_TO.finditer(context.text)}
    for match in _FROM_TO.finditer(context.sentence.text):
        pair = (match["old"].lower(), match["new"].lower())
        if pair not in stated and pair[::-1] in stated:
            yield f"the evidence has it the other way round than {match[0]!r}"


def _is_hmrc_for_client(one: Entity, other: Entity) -> bool:
    return {one.kind, other.kind} == {"hmrc", "client"}


def owners(reading: Reading) -> list[tuple[frozenset[str], Entity]]:
    """Whose things are: "Mr Cole's tax statement" and "the tax statement of Mr Cole" give the same."""
    found = []
    for segment in reading.segments:
        for index, token in enumerate(segment.tokens):
            if token.entity is None:
                continue
            thing = _head_after(segment, index) if token.entity.possessive else _head_before(segment.tokens, index)
            if thing is not None and thing.concepts:
                found.append((thing.concepts, token.entity))
    return found


def _head_after(segment: Segment, index: int) -> Token | None:
    head: Token | None = None
    for position in range(index + 1, min(index + 5, len(segment.tokens))):
        token = segment.tokens[position]
        if token.kind != "word" or is_verb(segment.tokens, position) or token.lemma in words.STOP_WORDS:
            break
        head = token
    return head


def _head_before(tokens: Sequence[Token], index: int) -> Token | None:
    if index < 2 or tokens[index - 1].low != "of":
        return None
    return tokens[index - 2] if tokens[index - 2].kind == "word" else None


def _wrong_owner(context: Context) -> Iterator[str]:
    stated = [pair for reading in context.readings for pair in owners(reading)]
    for thing, owner in owners(context.sentence):
        if owner.kind == "client":
            continue
        rivals = [other for concepts, other in stated if concepts & thing]
        if rivals and not any(owner.same_as(other) for other in rivals):
            yield f"by the evidence that is {rivals[0].text}'s, not {owner.text}"


def _wrong_debtor(context: Context) -> Iterator[str]:
    """Tax, penalties and debts are owed to HMRC; refunds, credits and overpayments by HMRC."""
    for claim in context.claims:
        if "owe" not in claim.concepts or not claim.verb or claim.agent is None or claim.negative:
            continue
        by_hmrc, needed = claim.agent.kind == "hmrc", _OWED_TO_HMRC
        if by_hmrc:
            needed = _OWED_BY_HMRC
        if claim.agent.kind == "client" or needed & context.concepts:
            continue
        yield f"the evidence has nothing that {claim.agent.text} owed"


def _purposes(reading: Reading) -> list[tuple[str, frozenset[str]]]:
    """What each sum is for: "£75 for worry and £40 for poor handling"."""
    found = []
    for segment in reading.segments:
        for index, token in enumerate(segment.tokens[:-1]):
            if token.kind != "amount" or segment.tokens[index + 1].low != "for":
                continue
            meant: set[str] = set()
            for other in segment.tokens[index + 2 :]:
                if other.kind == "amount" or other.low in ("and", ",", ";"):
                    break
                meant |= other.concepts
            found.append((amount_key(token.text), frozenset(meant)))
    return found


def _wrong_purpose(context: Context) -> Iterator[str]:
    stated = [pair for reading in context.readings for pair in _purposes(reading)]
    for key, meant in _purposes(context.sentence):
        own = [purpose for other, purpose in stated if other == key]
        others = [purpose for other, purpose in stated if other != key]
        if own and not any(meant & purpose for purpose in own) and any(meant & purpose for purpose in others):
            yield "the evidence gives that sum for another thing"


def money_names(tokens: Sequence[Token], index: int, also: frozenset[str] = frozenset()) -> frozenset[str]:
    """What the sentence calls a sum: "a loss of £1.5 million", "compensation of £3,412"; `also` are more names."""
    found: set[str] = set()
    before, after = list(tokens[max(0, index - 4) : index]), list(tokens[index + 1 : index + 5])
    lows = [t.low for t in before]
    if lows[-1:] in (["of"], ["at"], ["was"], ["is"], ["were"]) or (lows and before[-1].concepts):
        for token in reversed(before):
            if any(words.is_money_concept(c) or c in also for c in token.concepts) and not is_verb(
                tokens, tokens.index(token)
            ):
                found |= token.concepts
                break
    for token in after:
        if token.kind != "word" or (not token.concepts and token.low not in ("in",)):
            break
        found |= {c for c in token.concepts if words.is_money_concept(c) or c in also}
    return frozenset(c for c in found if words.is_money_concept(c) or c in also) - _VAGUE_MONEY


def _wrong_money(context: Context) -> Iterator[str]:
    for segment in context.sentence.segments:
        for index, token in enumerate(segment.tokens):
            if token.kind != "amount":
                continue
            called = money_names(segment.tokens, index)
            beside = _concepts_beside(context, amount_key(token.text))
            kin = called | {other for name in called for other in _KIN.get(name, set())}
            if called and beside and not kin & beside:
                yield f"the evidence does not call {token.text} {' or '.join(sorted(called))}"


_PLAIN_MONEY = frozenset(
    {
        "loan",
        "loss",
        "penalty",
        "compensation",
        "profit",
        "gain",
        "grant",
        "rent",
        "deposit",
        "tax",
        "credit",
        "fee",
        "owe",
    }
)
_KIN = {
    "loan": {"lend", "borrow"},
    "loss": {"lose"},
    "credit": {"repay", "pay", "overpay"},
    "tax": {"assess"},
    "fee": {"bill", "charge", "price", "additional", "rate"},
    "owe": {"pay", "tax", "penalty", "due", "demand", "unpaid", "enforce", "charge"},
}


def _foreign_money(context: Context) -> Iterator[str]:
    """A kind of money that the evidence never speaks of: a loan where there is only a fee."""
    tokens = context.sentence.tokens
    for index, token in enumerate(tokens):
        called = token.concepts & (_PLAIN_MONEY if context.strict else _PLAIN_MONEY - {"tax"})
        following = (
            tokens[index + 1].concepts if index + 1 < len(tokens) and tokens[index + 1].kind == "word" else frozenset()
        )
        modifies = bool(following) and not following & {"notice", "assess", "certificate"}
        if not called or modifies or token.concepts - _PLAIN_MONEY or is_verb(tokens, index):
            continue
        kin = called | {other for name in called for other in _KIN.get(name, set())}
        if not kin & context.concepts:
            yield f"the evidence speaks of no {token.text.lower()}"


def _concepts_beside(context: Context, key: str) -> frozenset[str]:
    """The concepts of every stretch of evidence that has the sum, and of the heading over it."""
    found: set[str] = set()
    for reading in context.readings:
        for index, segment in enumerate(reading.segments):
            if any(t.kind == "amount" and amount_key(t.text) == key for t in segment.tokens):
                near = reading.segments[max(0, index - 2) : index + 3] if len(reading.segments) > PAGE else (segment,)
                found |= {name for other in near for name in other.concepts()}
                found |= {c for other in reading.segments if other.header for c in other.concepts()}
    return frozenset(found)
