"""Who is who: the names by which papers call HMRC, the practice and the client. The client's title is never guessed."""

import re
from dataclasses import dataclass
from functools import cached_property

from complaints.facts.records import Actor, Intake
from complaints.facts.view import flat

TITLE = r"(?:Mr|Mrs|Miss|Ms|Mx|Dr|Prof|Sir|Dame|Lady|Lord|Rev|Revd|Cllr)"
HMRC = re.compile(
    r"\bH\.?M\.? ?Revenue\b|\bHMRC\b|\bH\.M\.R\.C\b|\bHM Customs\b|\bRevenue\s*(?:&|"
    r"and)\s*Customs\b|\bInland Revenue\b",
    re.I,
)
_STOP = frozenset(
    [
        "limited",
        "ltd",
        "plc",
        "llp",
        "llc",
        "the",
        "and",
        "for",
        "of",
        "co",
        "company",
        "companies",
        "partners",
        "partnership",
        "trust",
        "trustees",
        "settlement",
        "estate",
        "accountants",
        "accountancy",
        "accounting",
        "associates",
        "services",
        "group",
        "holdings",
        "trading",
        "as",
        "t/a",
        "deceased",
        "late",
        "will",
        "fund",
        "scheme",
        "pension",
        "charity",
        "uk",
        "cic",
        "executors",
        "exors",
        "executor",
        "at",
        "in",
        "on",
        "tax",
        "advisers",
        "advisors",
        "chartered",
        "solicitors",
        "dr",
        "mr",
        "mrs",
        "miss",
        "ms",
        "mx",
        "sons",
        "son",
        "brothers",
        "bros",
    ]
)
_COMPANY_END = re.compile(
    r"\b(?:limited|ltd|plc|llp|lp|inc|cic|company|co|bank|society|group|holdings|partners)\b\.?", re.I
)
_TRADING = re.compile(r"\s+(?:t/a|trading as|T/A)\s+", re.I)


def _words(name: str) -> tuple[str, ...]:
    found = re.findall(r"[A-Za-z][A-Za-z'’]+", name)
    return tuple(w.lower().replace("’", "'") for w in found if w.lower() not in _STOP and len(w) > 2)


@dataclass(frozen=True)
class Names:
    """The names of a case, from intake, with the questions that the extractors ask about them."""

    intake: Intake

    @cached_property
    def client_words(self) -> tuple[str, ...]:
        """Words of the client's name that tell it from other names, lower case."""
        return _words(self.intake.client_name)

    @cached_property
    def practice_words(self) -> tuple[str, ...]:
        return _words(self.intake.practice_name)

    @cached_property
    def client_short(self) -> str:
        """The client's name without the trading name."""
        return _TRADING.split(self.intake.client_name)[0].strip()

    @cached_property
    def _practice(self) -> re.Pattern[str]:
        return _loose(self.intake.practice_name)

    @cached_property
    def _client(self) -> re.Pattern[str]:
        short = self.client_short
        if self.intake.client_kind == "individual" and self.client_words:
            return re.compile(rf"\b{re.escape(self.client_words[-1])}\b", re.I)
        return _loose(re.sub(r"^the\s+", "", short, flags=re.I))

    def find_practice(self, text: str) -> int | None:
        """Where the practice's name stands in `text`, or None."""
        found = self._practice.search(text)
        return found.start() if found else None

    def find_client(self, text: str) -> int | None:
        """Where the client's name stands in `text`, or None."""
        found = self._client.search(text)
        return found.start() if found else None

    def is_practice(self, text: str) -> bool:
        """Whether a name, an address line or an e-mail address is the practice's."""
        if self._practice.search(text):
            return True
        squeezed = re.sub(r"[^a-z]", "", text.lower())
        joined = "".join(self.practice_words)
        if joined and len(joined) > 5 and joined in squeezed:
            return True
        return any(abbreviates(domain, self.intake.practice_name) for domain in _DOMAIN.findall(text.lower()))

    def is_client(self, text: str) -> bool:
        """Whether a name or an e-mail address is the client's or that of somebody who bears the client's name."""
        if self._client.search(text):
            return True
        low = text.lower().replace("’", "'")
        squeezed = re.sub(r"[^a-z]", "", low)
        if any(re.search(rf"\b{re.escape(word)}\b", low) for word in self.client_words if len(word) > 3):
            return True
        joined = "".join(self.client_words)
        return len(joined) > 5 and joined in squeezed

    def client_title(self, text: str) -> str:
        """The title that `text` gives an individual client, or an empty string."""
        if self.intake.client_kind != "individual" or not self.client_words:
            return ""
        surname = re.escape(self.client_words[-1])
        found = re.search(rf"\b({TITLE})\.?\s+(?:[A-Z][\w'’.-]*\s+){{0,3}}?{surname}\b", text, re.I)
        return found.group(1).capitalize() if found else ""

    def client_called(self, text: str) -> str:
        """How to name the client after reading `text`: title and surname where the papers state a title."""
        title = self.client_title(text)
        if title:
            return f"{title} {self.intake.client_name.split()[-1]}"
        return re.sub(r"^The\b", "the", self.client_short)

    def who_wrote(self, sender: str) -> Actor:
        """The actor behind the From line of an e-mail."""
        if HMRC.search(sender) or re.search(r"hmrc|hm-revenue|gov\.uk|customs", sender, re.I):
            return "hmrc"
        if self.is_practice(sender):
            return "agent"
        if self.is_client(sender):
            return "client"
        return "third_party"


_DOMAIN = re.compile(r"@(?:[\w-]+\.)*?([a-z0-9-]+)\.(?:co\.|org\.|ltd\.|gov\.)?[a-z]+\b")
_TRADE = re.compile(r"(?:tax|accountants?|accounting|advisers?|advisors?|associates|partners|group|ltd|llp|uk|co|ca)+$")


def abbreviates(domain: str, name: str) -> bool:
    """Whether the name of a domain is made of the words of a name in order: whole words, initials, first letters.

    "kdtait" is short for K Drummond Tait. One word must stand whole, or all initials must be there.
    """
    words = [w for w in re.findall(r"[a-z]+", name.lower().replace("'", "")) if w not in {"and", "the", "of"}]
    squeezed = re.sub(r"[^a-z]", "", domain)
    plain = _TRADE.sub("", squeezed)
    core = [w for w in words if not _TRADE.fullmatch(w)]
    if len(core) > 2 and plain == "".join(w[0] for w in core):
        return True
    return any(_made_of(text, words, whole=False) for text in (squeezed, plain) if len(text) > 3)


def _made_of(text: str, words: list[str], *, whole: bool) -> bool:
    """Whether `text` is a run of beginnings of `words` in order, one of them a whole word of four letters or more."""
    if not text:
        return whole
    return any(
        text.startswith(word[:length])
        and _made_of(text[length:], words[i + 1 :], whole=whole or (length == len(word) > 3))
        for i, word in enumerate(words)
        for length in {1, 3, len(word)}
        if length <= len(word)
    )


def _loose(name: str) -> re.Pattern[str]:
    """A pattern for a name that forgives case, white space, "&" for "and" and the company ending."""
    core = _COMPANY_END.sub("", name).strip(" .,&") if len(name.split()) > 1 else name
    core = core or name
    parts = [r"(?:&|and)" if p in {"&", "and"} else re.escape(p) for p in flat(core).split()]
    return re.compile(r"(?<!\w)" + r"\W*\s*".join(parts), re.I)


_BODY = re.compile(
    r"\b(?:office|ombudsman|commissioner|council|agency|department|authority|university|"
    r"college|solicitors|accountants|registrars|payroll|"
    r"(?<!national )insurance|assurance|services|surgery|hospital|clinic|practice|collections|recover(?:y|ies)|"
    r"enforcement|"
    r"finance|lending|lenders|funding|bank|building society|credit union|leasing|factors|chambers|logistics|couriers?|"
    r"post office|trust|association|bureau)\b",
    re.I,
)


def organisation(line: str) -> bool:
    """Whether a line, or the first cell of one, reads like the name of a company, bank, society or public body."""
    name = line.split("|", maxsplit=1)[0].strip()
    return bool(_COMPANY_END.search(name) or (_BODY.search(name) and len(name.split()) < 7)) and len(name) < 70


# Public bodies other than HMRC that write about tax, pensions, benefits, companies, land and courts.
PUBLIC_BODY = re.compile(
    r"(?:^|\|)\W*(?:the )?(?:department (?:for|of)\b|dwp\b|the pension service|pension service|pensions? regulator|"
    r"jobcentre|companies house|registrar of companies|(?:hm )?land registry|registers of scotland|revenue scotland|"
    r"welsh revenue authority|student loans company|home office|uk visas|hm courts|courts and tribunals|"
    r"valuation office|insolvency service|border force|rural payments agency|dvla\b|driver and vehicle|"
    r"[\w ]{3,30}\b(?:city|county|borough|district) council|nhs\b)",
    re.I | re.M,
)
