"""Who is named in a text: people with their titles, bodies, HMRC, the client, and who "I", "we" and "you" are. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lightpoint.grounding.small_words import word_list

EntityKind = Literal["person", "body", "hmrc", "client", "name", "role"]

TITLES = ("mr", "mrs", "ms", "miss", "dr", "sir", "lady", "dame", "professor", "prof", "rev", "lord")
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Dr|Sir|Lady|Dame|Prof(?:essor)?|Rev|Lord)\.?"
_CAP = r"[A-Z][A-Za-zÀ-ÿ'’\-]*[A-Za-zÀ-ÿ]"
_INITIALS = r"(?:[A-Z]\.?[ \t]+){0,3}"
_PERSON = re.compile(
    rf"\b(?P<title>{_TITLE})(?:[ \t]+and[ \t]+(?P<second>{_TITLE}))?[ \t]+"
    rf"(?P<initials>{_INITIALS})(?P<name>{_CAP}(?:[ \t]+{_CAP}){{0,2}})"
)
_SUFFIX = r"(?:Ltd|Limited|LLP|plc|PLC|Inc|CIC|& Co(?:mpany)?|& Sons|and Sons|& Partners)"
_BODY = re.compile(
    rf"\b(?P<name>(?:{_CAP}|[A-Z]{{2,}})(?:[ \t]+(?:&[ \t]+|and[ \t]+|of[ \t]+)?(?:{_CAP}|"
    rf"[A-Z]{{2,}})){{0,4}}?)[ \t]+{_SUFFIX}(?![a-z])\.?"
)
_HMRC = re.compile(
    r"\b(?:HMRC|HM\s+Revenue\s*(?:and|&)\s*Customs|H\.?M\.?\s+Customs|Inland\s+Revenue|the\s+Revenue|Debt\s+Management|(?:[A-Z][a-z]+\s+)?Complaints?\s+(?:[A-Z][a-z]+\s+)?Team|National\s+Insurance\s+Office)\b"
)
_STAFF = r"(?:officer|adviser|advisor|inspector|caseworker|case\s+worker|complaint\s+handler|agent\s+handler|helpline)"
_HMRC_STAFF = re.compile(
    rf"\b(?:HMRC(?:['’]s)?\s+)?(?:an?\s+|the\s+|its\s+|"
    rf"our\s+)?(?<!financial )(?<!tax )(?<!legal )(?:HMRC\s+)?{_STAFF}\b(?:[ \t]+(?P<name>{_CAP}))?"
)
_CLIENT = re.compile(
    r"\b(?:the|our|your)\s+(?:client|taxpayer|customer|complainant|company|appellant|trust|partnership|claimant)(?=\b(?!['’]s\s+(?:Office|House)))",
    re.IGNORECASE,
)
_NAME = re.compile(rf"(?P<initials>(?:\b[A-Z]\.?[ \t]+){{0,3}})\b(?P<name>{_CAP}(?:[ \t]+(?:&[ \t]+)?{_CAP}){{0,4}})")
_NOT_NAMES = word_list("not-names")
_NOISE = frozenset(
    {"ltd", "limited", "llp", "plc", "inc", "cic", "co", "the", "of", "and", "sons", "company", "partners", "s"}
)


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody named; `words` are the lower-case words of the name that tell it from others."""

    kind: EntityKind
    words: frozenset[str]
    titles: frozenset[str]
    initials: str
    start: int
    end: int
    text: str
    possessive: bool = False

    def same_as(self, other: "Entity") -> bool:
        """Whether two mentions may be one, by a shared name or because "the client" may be anyone but HMRC."""
        if "role" in (self.kind, other.kind):
            return self.words == other.words if self.kind == other.kind else "hmrc" not in (self.kind, other.kind)
        if "client" in (self.kind, other.kind):
            return self.kind == other.kind or "hmrc" not in (self.kind, other.kind)
        if not self.words or not other.words:
            return self.kind == other.kind
        return self.words <= other.words or other.words <= self.words


def significant_words(name: str) -> frozenset[str]:
    found = re.findall(r"[a-zà-ÿ0-9]+(?:['’\-][a-zà-ÿ]{2,})*", re.sub(r"['’]s\b", "", name.lower()))
    return frozenset(word for word in found if word not in _NOISE) or frozenset(found)


def _possessive(text: str, end: int) -> tuple[int, bool]:
    match = re.match(r"['’]s?(?!\w)", text[end:])
    return (end + match.end(), True) if match else (end, False)


def _entity(
    kind: EntityKind, text: str, start: int, end: int, name: str, titles: tuple[str, ...], initials: str
) -> Entity:
    name = name.rstrip()
    if name.endswith(("'s", "’s")):
        name, end = name[:-2], end - 2
    stop, possessive = _possessive(text, end)
    words = significant_words(name)
    if kind == "hmrc":
        words = frozenset({"hmrc"}) | words
    return Entity(
        kind, words, frozenset(t.lower().rstrip(".") for t in titles if t), initials.replace(".", "").replace(" ", ""),
        start, stop, text[start:stop], possessive,
    )  # fmt: skip


def _add(found: list[Entity], new: Entity) -> None:
    if not any(new.start < old.end and old.start < new.end for old in found):
        found.append(new)


def _people(text: str, found: list[Entity]) -> None:
    for match in _PERSON.finditer(text):
        name = _trim_name(match["name"])
        if name:
            end = match.start("name") + len(name)
            affiliated = re.match(r"(?:\s+of\s|,\s|\s+\()\s*(?:an?\s+)?HMRC\b(?:['’]s)?", text[end:])
            staff = re.search(rf"(?<!our ){_STAFF}\s*,?\s*$", text[: match.start()])
            entity = _entity(
                "person", text, match.start(), end, name, (match["title"], match["second"] or ""), match["initials"]
            )
            if affiliated or staff:
                stop = entity.end + (affiliated.end() if affiliated else 0)
                entity = Entity("hmrc", entity.words | {"hmrc"}, entity.titles, entity.initials, entity.start,
                                stop, entity.text, entity.possessive and not affiliated)  # fmt: skip
            _add(found, entity)


def _trim_name(name: str) -> str:
    """Cut a run of capitals at the first word that is no part of a name."""
    kept: list[str] = []
    for word in re.split(r"([ \t]+)", name):
        if word.strip() and _is_no_name(word):
            break
        kept.append(word)
    return "".join(kept).rstrip(" &\t")


def _is_no_name(word: str) -> bool:
    plain = re.sub(r"['’]s$", "", word.lower())
    return plain in _NOT_NAMES or plain.split("-")[0] in ("vat", "tax", "non", "self", "hmrc", "pre", "post")


def _hmrc(text: str, found: list[Entity]) -> None:
    for match in _HMRC_STAFF.finditer(text):
        name = match["name"] or ""
        if name and name.lower() in _NOT_NAMES:
            name = ""
        end = match.end() if name or not match["name"] else match.start("name") - 1
        _add(found, _entity("hmrc", text, match.start(), end, name or "hmrc", (), ""))
    for match in _HMRC.finditer(text):
        _add(found, _entity("hmrc", text, match.start(), match.end(), "hmrc", (), ""))


def _names(text: str, found: list[Entity]) -> None:
    """Other capitalised names; one word at the start of a sentence is not enough to be a name."""
    for match in _NAME.finditer(text):
        start = match.start("name")
        for piece in re.finditer(rf"{_CAP}(?:[ \t]+(?:&[ \t]+)?{_CAP})*", match["name"]):
            name, offset = _strip_leading(piece[0])
            name = _trim_name(name)
            if not name or (len(name.split()) == 1 and _starts_sentence(text, start + offset)):
                continue
            begin = start + piece.start() + offset
            initials = match["initials"] if offset == 0 else ""
            begin_all = match.start() if initials else begin
            _add(found, _entity("name", text, begin_all, begin + len(name), name, (), initials))


def _strip_leading(name: str) -> tuple[str, int]:
    offset = 0
    while True:
        match = re.match(r"(\S+)([ \t]+|$)", name)
        if not match or not name or not _is_no_name(match[1]):
            return name, offset
        name, offset = name[match.end() :], offset + match.end()


def _starts_sentence(text: str, position: int) -> bool:
    before = text[:position].rstrip(" \t'\"‘“(")
    return not before or before[-1] in ".:;!?\n|•"


@lru_cache(maxsize=2048)
def find_entities(text: str) -> tuple[Entity, ...]:
    """Return everybody named in the text, in order."""
    found: list[Entity] = []
    for match in _BODY.finditer(text):
        name, offset = _strip_leading(match["name"])
        if name:
            _add(found, _entity("body", text, match.start() + offset, match.end(), name, (), ""))
    _people(text, found)
    _hmrc(text, found)
    for match in _CLIENT.finditer(text):
        start = match.start()
        _add(found, _entity("client", text, start, match.end(), "client", (), ""))
    _names(text, found)
    return tuple(sorted(found, key=lambda entity: entity.start))
