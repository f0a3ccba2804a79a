"""How HMRC, agents, clients and others speak of themselves and of each other in letters. Each pattern counts once."""

import re


def _patterns(*words: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(text, re.I) for text in words)


_PAPERS = (
    r"(?:letters?|call|e-?mail|complaint|request|claim|application|enquiry|form|appeal|disclosure|correspondence|"
    r"documents|records|invoices|information|cheque|payment|return)"
)
_HMRC = _patterns(
    r"\byour client(?:['’]s)?\b",
    rf"\bthank you for (?:your|the|telling|letting|sending|contacting|calling)\b[^.]{{0,20}}{_PAPERS}?",
    r"\byour (?:(?:self assessment|company|vat|paye|corporation|tax|cgt|land transaction|partnership|trust) )*return\b",
    r"\b(?:we|i) (?:are|am|have been) (?:now )?(?:checking|looking (?:at|into)|enquiring|reviewing)\b"
    r"|\b(?:our|my) check\b|\b(?:we|i) have (?:finished|completed|closed|concluded) "
    r"(?:(?:my|our|the|this) (?:check|enquiry)|looking)",
    r"\bif you (?:disagree|do not agree|don['’]t agree|think (?:this|the|our)|are (?:still )?(?:unhappy|dissatisfied))",
    r"\byou (?:can|may|must|could) (?:now )?(?:also )?(?:appeal|ask (?:us|for a|the adjudicator)|contact the "
    r"adjudicator|apply to the tribunal|make a complaint)|\b(?:appeal|ask us)\b[^.]{0,50}\bwithin 30 days\b"
    r"|\byou have until\b[^.]{0,40}\b(?:tribunal|appeal|review)",
    r"\b(?:our|hmrc['’]s) (?:records?|systems?|complaints (?:process|procedure)|gateway|review|final response)\b",
    r"\b(?:i|we) (?:(?:have|can|do|am|are|therefore|partly|fully|not|cannot) )*uphold(?:ing)?\b|\bi have (?:now )?"
    r"(?:reviewed|considered|looked (?:again )?(?:at|into)) (?:your|the|this)\b",
    r"\byou (?:still )?(?:owe|have not (?:sent|paid|filed|told|contacted|provided)|did not (?:send|pay|file)|have been "
    r"charged|are due)\b|\bwhat you owe\b|\b(?:pay|please pay) (?:now|this|us|by|the)\b",
    r"\byour (?:complaint|claim|repayment|refund|tax code|penalty|application|registration|appeal|disclosure|scheme|"
    r"grant|estimate|balance|award|statement|agent|accountant|representations|request for (?:a )?review|adviser)\b",
    r"\bwe (?:return|are returning|have recorded|have registered|have cancelled|have charged|have changed|will release|"
    r"have authorised|have searched|have traced)\b|\b(?:has|have) been (?:authorised|allocated to|passed to)\b",
    r"\b(?:we|i) (?:cannot|can['’]t|am unable to|are unable to) (?:discuss|trace|locate|find|change)\b"
    r"|\bthe (?:date of this|date on this) (?:letter|notice)\b",
    r"\baccounts office reference\b|\b(?:was|were|has been) (?:successfully )?(?:received and accepted|submitted to "
    r"hmrc)\b|\byour request for a review\b",
)
_AGENT = _patterns(
    r"\bour (?:mutual )?clients?(?:['’]s?)?\b",
    r"\bwe (?:are instructed|act|are acting|are (?:the )?agents?|are (?:authorised|the accountants))\b|\bon behalf of "
    r"(?:our|the above)\b|\bon (?:his|her|their|its) behalf\b",
    r"\byour (?:office|officers?|helpline|advis[eo]rs?|inspector|colleagues?|department|own (?:records?|summary)|"
    r"gateway|online (?:statement|service)|agent line|penalty notice|demand|assessment|enquiry|compliance)\b",
    r"\b(?:please|kindly|would you|could you|can you) (?:now |therefore |also )?(?:cancel|withdraw|correct|amend|take|"
    r"process|issue the|repay|refund|confirm that|treat|acknowledge|tell us|reconsider|find|set|remove|carry out|"
    r"escalate|arrange|either|close)\b",
    r"\bwe (?:wish|would like|want|write|are writing) to (?:complain|appeal|make a|request|object|ask)|\bwe "
    r"(?:complain|appeal|object|dispute)\b|\bwhat we complain (?:about|of)\b|\b(?:second|formal) complaint\b",
    r"\bwe (?:enclose|attach|filed|submitted|uploaded|posted|wrote|telephoned|rang|spoke|have had no|have heard|"
    r"have not had|look forward to hearing)\b",
    r"\byou (?:demanded|told us|said that|threatened|issued|charged|charge|have not (?:dealt|answered|replied))\b",
)
_CLIENT = _patterns(
    r"\bmy (?:accountants?|agents?|tax agent|tax bill|tax return|advis[eo]r)\b",
    r"\bi (?:am|was|have been) (?:a|the|self[- ]employed|writing to complain|retired|employed)\b",
)
_OTHERS = _patterns(
    r"\b(?:hmrc|hm revenue (?:&|and) customs)(?:['’]s)? (?:has|have) (?:asked|instructed|passed|appointed|placed|"
    r"transferred)\b[^.]{0,30}\bus\b"
    r"|\b(?:we|i) (?:act|are acting|collect|are (?:instructed|appointed)) (?:for|by|on behalf of) (?:hmrc|hm revenue)"
    r"|\bon behalf of (?:hmrc|hm revenue)|\b(?:our|your) (?:mutual )?(?:insured|patient|tenant|borrower|policyholder)\b"
    r"|\b(?:this|the) patient\b|\byour (?:overdraft|mortgage|facility|policy)\b",
)
_AS_HMRC = re.compile(
    r"\b(?:we are|i am) (?:an officer|officers) of (?:hmrc|revenue)|\bwww\.gov\.uk|\bgov\.uk/"
    r"|\bhmrc['’]s complaints process\b",
    re.I,
)


def hmrc_points(text: str) -> int:
    """In how many ways a text speaks as HMRC does."""
    return _points(_HMRC, text)


def agent_points(text: str) -> int:
    """In how many ways a text speaks as an agent does to HMRC."""
    return _points(_AGENT, text)


def client_points(text: str) -> int:
    """In how many ways a text speaks as a taxpayer does."""
    return _points(_CLIENT, text)


def third_party_points(text: str) -> int:
    """In how many ways a text speaks of HMRC or the client as a third party does."""
    return _points(_OTHERS, text)


def speaks_for_hmrc(text: str) -> bool:
    """Whether a text points to HMRC's own pages or process."""
    return bool(_AS_HMRC.search(text))


def _points(patterns: tuple[re.Pattern[str], ...], text: str) -> int:
    return sum(1 for pattern in patterns if pattern.search(text))
