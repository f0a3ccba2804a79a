"""The words by which each class of paper is known."""

import re

NOTICE_TITLE = re.compile(
    r"\bdetermination of (?:tax|penalt|liabilit|duty|income|vat)|\bnotice of (?:(?:penalty|"
    r"assessment|determination|amendment|liability|enforcement|coding|decision|intention|"
    r"requirement|direction|further|daily|late|fixed|surcharge)\b|penalt)|\bpenalty "
    r"(?:notice|assessment|determination|explanation)|"
    r"\bcoding notice\b|\bnotice of coding\b|\btax code notice\b|^\W*p[269][t]?\b[^.]"
    r"{0,40}(?:cod|tax code)|\bp800\b|\bsimple assessment\b|"
    r"\b(?:pa302)\b|"
    r"\bcertificate of (?:registration|residence|tax deposit)\b|\bcompliance certificate\b|"
    r"\bregistration certificate\b|"
    r"\bnotice to file\b|\bsurcharge (?:liability )?notice\b|\bassessment of tax\b|\bnotice "
    r"of tax\b|\bdiscovery assessment\b|"
    r"\bclosure notice\b|\binformation notice\b|\bnotice of enquiry\b|\bpost[- ]?clearance demand\b|\bc18\b|"
    r"\b(?:interest|surcharge|penalty|tax credits? (?:award|overpayment|decision|renewal)s?) notice\b|"
    r"\baward notice\b|\bnotice of overpayment\b|\bnotice to pay\b|(?<!not a )\bdemand "
    r"for (?:payment|repayment)\b|\bfinal demand\b|"
    r"\bwarning of (?:legal|enforcement|court) action\b|\bstatutory demand\b|\bfollower "
    r"notice\b|\baccelerated payment notice\b|"
    r"^\W*(?!.*\.$)(?=.{0,110}$).{0,70}\b(?:(?:late|daily|fixed|initial|further|tax-geared|inaccuracy|failure to \w+)"
    r"(?: (?:filing|payment|submission|return|to \w+))? penalt(?:y|ies)|penalt(?:y|ies) (?:for|of £))|"
    r"\bstart(?:er)? notice to deduct\b|\bgeneric notice\b|\bsl[12]\b[^.]{0,30}student|\bpayment request\b",
    re.I | re.M,
)
DEMAND = re.compile(
    r"\btotal (?:now )?due now\b|\byou must (?:act|pay) now\b|\bfinal demand\b|\bstatutory "
    r"demand\b|\bdistraint\b|\btaking control of goods\b|"
    r"\bplease pay (?:now|this|the|within|by)\b|\bpay now\b|\babout to distrain\b|\btake control of goods\b|"
    r"\bunless (?:the )?(?:total|sum|full amount|amount|debt|balance) is paid\b|"
    r"\bunless we receive (?:the )?(?:full )?(?:amount|payment)|\benforcement (?:action|"
    r"agent|officer)|\bdemand for payment\b|"
    r"\bfield force\b|\bdebt (?:collection )?agenc|\bwe (?:will|may) (?:take|start|begin) (?:legal|court|enforcement)|"
    r"\boverdue\b[^.]{0,60}\bpay\b|\bpay (?:the full amount|this|£[\d,.]+) (?:now|immediately|"
    r"within|by)|\bcounty court\b|\bbailiff",
    re.I,
)
STATEMENT_TITLE = re.compile(
    r"\bsa302\b|\btax calculation\b|\bself assessment statement\b|\bstatement of (?:account|"
    r"liabilit|your)|\baccount statement\b|"
    r"^\W*(?:\w+ )?(?:self assessment|vat|corporation tax|paye|employer|customs|duty deferment|cgt|tax) (?:cash )?"
    r"account"
    r"\b(?! (?:reference|office|number))|"
    r"\b(?:vat|paye|corporation tax|self assessment|customs duty|duty deferment|tax)"
    r" statement\b|\btax year overview\b|\bstatement date\b|"
    r"\bnational insurance (?:record|statement|contributions? record)\b|\bemployers? (?:liabilities|payments?)"
    r"(?: (?:statement|summary|and \w+))?\W*$|"
    r"^\W*(?:your )?(?:liabilities|charges|payments|transactions) (?:and|&|\+) (?:liabilities|charges|payments|credits)"
    r"\W*$|^\W*(?:\w+ ){0,3}(?:payment|transaction|account) history\W*$",
    re.I | re.M,
)
PAYMENT_SLIP = re.compile(
    r"^\W*(?:(?:your|online|card|debit card|tax|bank) )*payment (?:receipt|confirmation|confirmed|successful)\b|"
    r"^\W*(?:receipt for|confirmation of) (?:your |a )?payment\b|^\W*(?:thank you for your payment|payment complete)\b",
    re.I,
)
RECEIPT = re.compile(
    r"\b(?:was|were|has been|have been) (?:successfully )?(?:received|submitted|accepted|"
    r"registered)\b|\bsuccessfully (?:received|submitted|filed|sent)\b|"
    r"\bsubmission (?:receipt|reference|received|successful)\b|\backnowledg(?:e|ement|"
    r"ing) (?:of )?(?:receipt|your)?|\bwe have received your\b|"
    r"\bthis is (?:your|the only) acknowledgement\b|\byou have changed\b|\bwe changed "
    r"your\b|\bconfirmation of (?:receipt|submission|change|"
    r"your)\b|\bthank you for (?:submitting|filing|sending your return)\b|\bsuccess:|"
    r"\b(?:result|status|outcome|response)\W{0,15}(?:accepted|received|success\w*|submitted|filed)\b|"
    r"\b(?:return|claim|form|report) accepted\b|\bfiled (?:on|at)\W*\d|"
    r"\bhas received your\b|\b(?:return|claim|form|application|report) "
    r"(?:submitted|sent|received)\b|\birmark\b",
    re.I,
)
COMPLAINT_REPLY = re.compile(
    r"\bcomplaints? (?:handler|resolution|team|manager|officer|adviser|t\d)\b|\b(?:first|"
    r"second)[- ](?:tier )?review of\b|\b(?:first|second)[- ]tier\b|"
    r"\b(?:considered|reviewed|completed my review of|investigated|looked (?:again )"
    r"?(?:at|into)) (?:of )?(?:your|the) complaint\b|"
    r"\buph(?:o|e)ld\w*\b[^.]{0,60}\bcomplaint\b|\bcomplaint\b[^.]{0,60}\b(?:upheld|"
    r"uphold|not uphold)|\byour complaint\b",
    re.I,
)
DECIDES = re.compile(
    r"\b(?:uphold(?:ing)?|upheld|not upheld|reject(?:ed)? (?:your|the|this) complaint|"
    r"review of (?:your|the) complaint|second review|first review|"
    r"first[- ]tier|second[- ]tier|end of (?:hmrc's|our) complaints (?:process|procedure)"
    r"|adjudicator|our findings|my (?:findings|conclusions?|decision))\b",
    re.I,
)
COMPLAINT = re.compile(
    r"\bformal complaint\b|\b(?:we|i) (?:wish|want|would like|write|am writing|are writing)"
    r" to (?:make a (?:formal )?complain\w*|complain)|\bwe complain\b|"
    r"\bi complain\b|^\W*(?:re:?\s*)?complaint\b|\bplease (?:treat|accept|take|regard)"
    r" this (?:letter )?as (?:a|our|my) (?:formal )?complaint|\bcomplaint against\b|"
    r"\bcomplaint (?:about|on behalf|regarding|concerning)\b",
    re.I | re.M,
)
SECOND_REVIEW = re.compile(
    r"\bsecond[- ](?:tier|stage|level)\b|\bsecond review\b|\btier[- ](?:2|two)\b|\bsecond "
    r"look\b|\bescalat\w+|\bfurther review of (?:the|our) complaint\b",
    re.I,
)
CALL_NOTE = re.compile(
    r"\b(?:tel(?:ephone)?|phone|call|attendance|file)\s*(?:\.|-)?\s*(?:call\s*)?(?:note|"
    r"log|memo|record|attendance)s?\b|\bnote of (?:a |the |my |our )?(?:tel\w*\s*|phone\s*)"
    r"?"
    r"(?:call|conversation)|\brecord of (?:a |the )?(?:tel\w* |phone )?(?:call|conversation)"
    r"|\bcall (?:with|to) (?:hmrc|the)",
    re.I,
)
CALL_SIGNS = re.compile(
    r"\bspoke (?:to|with)\b|\bhelpline\b|\bon hold\b|\bqueue\b|\b(?:called|rang|phoned)"
    r"\b|\badviser\b|\bduration\b|\bagent (?:dedicated )?line\b",
    re.I,
)
CHAT = re.compile(
    r"\bchat (?:saved|log|history|session|with hmrc)\b|\bweb ?chat\b|\blive chat\b|\bchat transcript\b|"
    r"\bdigital assistant\b|\bonline chat\b",
    re.I,
)
CHAT_LINE = re.compile(
    r"^[ \t]*\[?\d{1,2}[:.]\d{2}(?::\d{2})?\s?(?:am|pm)?\]?\s*[-–]?\s*"
    r"(?:[A-Z][\w .()'-]{0,30}:|(?:Agent|You|Me|Us|[A-Z][a-z]+)(?: {2,}|\t)\S)",
    re.M,
)
INVOICE_TITLE = re.compile(
    r"^\W*(?:(?:vat|tax|sales|proforma|pro forma|receipted|paid)\s+)*(?:invoice|fee note|fee account|bill|"
    r"note of (?:our )?fees|statement of (?:our )?(?:fees|charges)|fee statement|"
    r"account (?:no\.?|number|ref\w*)?:?\s*\w*\d\w*(?:[,:.]|\s+(?:of|dated|date)\b|\s*$))|"
    r"\binvoice (?:no|number|ref)\b|\bfee note\b",
    re.I | re.M,
)
INVOICE_BODY = re.compile(r"\b(?:total|net|amount due|balance due|to pay|payable|vat)\b", re.I)
_BALANCE = re.compile(r"\bbalance\b", re.I)
_ENTRIES = re.compile(
    r"\b(?:details|description|transactions?|particulars|payments?|out|in|debit|credit|withdrawn)\b", re.I
)
BANK = re.compile(
    r"\b(?:bank(?:ing)?|building society|credit union|mortgage(?:s)?|lend(?:er|ing)|"
    r"finance|capital|overdraft|savings)\b",
    re.I,
)
DELIVERY = re.compile(
    r"\bproof of delivery\b|\btrack(?:ing)? (?:and|&) trace\b|\b(?:signed for|delivered|"
    r"collected) (?:by|on|at|to)\b|\bcertificate of posting\b|\btracking (?:number|no|"
    r"details|history)\b",
    re.I,
)
POSTED = re.compile(
    r"\b(?:special delivery|recorded (?:delivery|signed)|signed for|tracked (?:24|48)|registered post|guaranteed by|"
    r"first class|"
    r"1st class)\b",
    re.I,
)
TRIBUNAL = re.compile(r"\b(?:first|upper)[- ]tier tribunal\b|\btax chamber\b|\btribunal\b[^.]{0,40}\bdecision\b", re.I)
COMPUTATION = re.compile(r"\bcomputation\b|\btax comp\b|\bworkings?\b|\bcapital gains? (?:tax )?calculation\b", re.I)

FIRST_TIER = re.compile(
    r"\b(?:carried out|completed|done|is) (?:the|a|my|our) first(?:[- ]tier)? review\b|\bi am the first[- ]tier\b|"
    r"\bfirst[- ]tier (?:complaint handler|reply|response|decision)\b|\b(?:can|may|could|"
    r"to) (?:now )?(?:ask|request|apply)(?: us)? for a second"
    r"(?:[- ]tier)? review\b|\bif you (?:disagree|are (?:unhappy|not satisfied|dissatisfied))\b[^.]{0,60}\bsecond\b",
    re.I,
)
SECOND_TIER = re.compile(
    r"\bsecond(?:[- ]tier)? review\b|\bsecond[- ]tier\b|\btier[- ]?(?:2|two)\b|\bend "
    r"of (?:hmrc['’]s|our|the) complaints? (?:process|procedure)\b|"
    r"\bnot involved in the first\b|\blooked again at\b|\bour final (?:response|reply|decision)\b|\badjudicator\b",
    re.I,
)
SECOND_TITLE = re.compile(
    r"\b(?:second|final)[- ](?:tier|stage)\b(?! (?:review )?request)|\btier[- ]?(?:2|two)\b|\bsecond review\b", re.I
)
SECOND_DONE = re.compile(
    r"\b(?:completed|carried out|done|finished) (?:a|the|my|our) second(?:[- ]tier)? review\b|\breviewed (?:the|your) "
    r"complaint again\b|\b(?:this is|is) (?:my|our|a|the) second[- ]tier (?:reply|response|review)\b|"
    r"\bnot involved in the first\b|\bagree with the first[- ]tier\b",
    re.I,
)
ONLY_REVIEW = re.compile(
    r"\b(?:our|the|this is (?:our|the)|one|single|only) (?:only|single|one) review\b|\bthere will not be a second\b|"
    r"\bcarries out one review\b|\bno second review\b",
    re.I,
)
REVIEW_OF_DECISION = re.compile(
    r"\breview conclusion\b|\bconclusion of (?:the|our|my) (?:statutory )?review\b|\bstatutory reviews?\b|"
    r"\breview of (?:the|our|hmrc's|a) (?:decision|penalt|assessment)",
    re.I,
)
RETURN_FORM = re.compile(
    r"\breport and pay\b|\b(?:return|submission|claim) (?:summary|confirmation)\b|\bsubmitted (?:on )?\d{1,2}\b"
    r"[^\n]{0,40}\bby (?:your |the )?agent\b|\bland transaction return certificate\b|\bsdlt5\b|"
    r"^\W*(?:change of|new) (?:\w+ ){1,3}?(?:confirmation|confirmed)\b|"
    r"^\W*change of (?:\w+ ){0,2}(?:address|details|bank|name)\W+confirm|" + PAYMENT_SLIP.pattern,
    re.I | re.M,
)
CALL_FILE = re.compile(r"\b(?:tel|phone|telephone|calls?|call[-_ ]?(?:log|note)s?|attendance|jottings)\b", re.I)
ASKS_SECOND_REVIEW = re.compile(
    r"\b(?:ask|request|seek|want|require|appl\w+|carry out|undertake|conduct)\w*\b[^.]{0,40}\b(?:second|further|"
    r"tier (?:2|two)|second[- ]tier)\b[^.]{0,20}\breview\b|"
    r"\b(?:escalate|take)\b[^.]{0,40}\b(?:tier (?:2|two)|second[- ](?:tier|stage)|second "
    r"review)\b|\btier (?:2|two) (?:complaint|request)\b|"
    r"^\W*(?:request for|re:?)?\s*(?:a )?second(?:[- ]tier)? (?:review|complaint)\b",
    re.I | re.M,
)


def states_balance(text: str) -> bool:
    """Whether a bank's paper lists entries and the balance that they leave."""
    return bool(_BALANCE.search(text) and _ENTRIES.search(text))
