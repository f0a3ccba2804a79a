"""Labels and shapes of the references found in UK tax papers, as regular expressions. Pure.

Labels are matched without regard to case, values as written. Sources of the shapes: GOV.UK pages on each reference
(UTR, National Insurance number, EORI, PAYE reference, UTRN, Accounts Office reference, payment reference, agent
reference number, company number) and Universal Postal Union standard S10 for tracked post.
"""

NUMBER_WORD = r"(?:\s*(?:number|num|nos?|ref(?:erence)?|id|code)\b\.?)?"
REF = r"ref(?:erence)?(?-i:s?(?![a-z]))\.?(?:\s*(?:number|num|nos?)\b\.?)?"
REF_OR_NUMBER = rf"(?:{REF}|number|num\b\.?|no\b\.?|id\b)"
SEPARATOR = r"(?:[ \t]*(?:is|are|was|given|as)\b)?[ \t]*(?:[:#=.\-–(|]+\)?[ \t]*)?(?:\r?\n[ \t]*)?[ \t]*[\"'“‘]?"
"""What may stand between a label and its value, one line end included."""

_PART = r"[A-Za-z0-9]+(?:[/\-.](?=[A-Za-z0-9])[A-Za-z0-9]+)*"
_UPPER_PART = r"(?=[A-Z0-9/\-]*[0-9])[A-Z0-9]+(?:[/\-][A-Z0-9]+)*"
LOOSE = (
    rf"(?=[A-Za-z0-9./\-]*[0-9]){_PART}(?:[ \t]{_UPPER_PART}(?![\w/]))*"  # SA/RPM/77120-25, CFS-21, 12 3456
    rf"|[A-Z]{{2,}}(?:/[A-Z]{{2,}})*(?:[/\-][A-Z0-9]+)*(?:[ \t]{_UPPER_PART})+"  # WMBC 12345
    r"|[A-Z]{1,5}(?:/[A-Z0-9]+)+"  # JO/KL
)
"""A value that only its label makes a reference."""

UTR = (
    r"[0-9OIl]{5}[ \-.]?[0-9OIl]{5}K?|[0-9]{3} ?[0-9]{3} ?[0-9]{4}K?|[0-9]{4} [0-9]{3} [0-9]{3}K?|"
    r"[0-9]{2}(?: [0-9]{2}){4}"
)
NINO = r"[A-Z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-D]"
NINO_LABELLED = r"[A-Za-z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2}(?: ?[A-Da-d])?|[0-9]{2}[A-Z][0-9]{5}"
VRN = r"(?:(?:GB|XI) ?)?(?:[0-9]{3} ?[0-9]{4} ?[0-9]{2}|[0-9]{3} [0-9]{3} [0-9]{3})(?: ?[0-9]{3})?"
EORI = r"(?:GB|XI) ?[0-9]{12}(?:[0-9]{3})?"
PAYE = r"[0-9]{3} ?/ ?[A-Za-z0-9]{1,10}"
COMPANY = r"[0-9]{7,8}|(?:SC|NI|OC|SO|NC|LP|SL|NL|R0|FC|BR|CE|IP|RS|SP) ?[0-9]{5,6}"
S10 = r"[A-Z]{2} ?(?:[0-9] ?){8}[0-9] ?GB"
CGT = r"X[A-Z]{0,2}CGTP?[0-9]{6,12}"
UTRN = r"[0-9]{9}M[A-Z]"
TRIBUNAL = (
    r"(?:TC|UT|LON|MAN|EDN|BEL)/[0-9]{4}/[0-9]{3,6}(?:/?[A-Z]{1,4})?|"
    r"\[(?:19|20)[0-9]{2}\] UK(?:FTT|UT) [0-9]{1,5} \(TCC?\)"
)
PAYMENT = r"X[A-Z](?=[A-Z0-9]{12}(?![A-Z0-9]))[A-Z0-9]{0,3}[0-9]{9,12}[A-Z]?|[0-9]{3}P[A-Z][0-9]{7,8}[0-9X]"
INVOICE = (
    r"[A-Z]{0,6}[/\-]?[0-9][A-Za-z0-9]*(?:[/\-][A-Za-z0-9]+)*(?!\s*(?:mins?|minutes|hours|hrs|days|weeks|months|%)\b)"
)

UTR_LABEL = (
    r"(?:(?:(?:sa|ct|trust|partnership|company|corporation tax|self[ -]assessment)\s+)?(?:unique\s+)?"
    r"(?:tax\s*payer'?s?|tax|sa|ct|self[ -]assessment)\s+ref(?:erence)?(?:\s*(?:number|no\.?))?(?:\s*\(utr\))?|"
    r"u\.?t\.?r\.?(?:\s*(?:number|no\.?))?|reference\s*\(utr\))"
)
NINO_LABEL = r"(?:ni(?:no)?|n\.i\.|national\s+insurance|nat(?:ional)?\.?\s+ins\.?)" + NUMBER_WORD
VAT_LABEL = (
    r"(?:vat\s*(?:reg(?:istration|istered|n|'n)?\b\.?)?\s*(?:number|no|num|ref(?:erence)?)?\b\.?|v\.?r\.?n\.?|"
    r"vat\s+registration)"
)
EORI_LABEL = r"eori" + NUMBER_WORD
PAYE_LABEL = (
    r"(?:(?:employer'?s?\s+)?(?:paye|ern|employer'?s?)\s*(?:scheme\s*)?(?:ref(?:erence)?|number|no)?"
    r"(?:\s*(?:number|no))?\b\.?)"
)
COMPANY_LABEL = (
    r"(?:(?:company|co\b\.?|llp|partnership)\s*(?:reg(?:istration|istered|d|n)?\b\.?)?\s*(?:number|no|num)\b\.?|crn|"
    r"registered\s+(?:number|no)\b\.?|registered\s+in\s+"
    r"(?:england(?:\s+(?:and|&)\s+wales)?|scotland|wales|northern\s+ireland)"
    r"(?:,?\s*(?:with|under)?\s*(?:company\s+)?(?:number|no)\b\.?)?)"
)
AGENT_LABEL = (
    r"(?:(?:our\s+)?(?:tax\s+)?agent(?:'s)?\s+"
    r"(?:code|ref(?:erence)?(?:\s+(?:number|no))?|id(?:entifier)?|number|no)\b\.?|"
    r"(?:submitted|filed|sent)\s+by\s+agent|arn|"
    r"(?:64-?8|authority|authorisation|authorised)[^.\n]{0,50}?\bcode)"
)
INVOICE_LABEL = (
    r"(?:(?:invoice|fee\s+note|credit\s+note)s?(?:\s*(?:number|no|num|ref(?:erence)?)\b\.?|\s*#|\b\.?)|"
    r"(?:inv|bill|receipt)\b\.?(?:\s*(?:number|no|num|ref(?:erence)?)\b\.?|\s*#))"
)
COMPLAINT_LABEL = (
    rf"(?:complaints?\s*(?:case\s*)?{REF_OR_NUMBER}|complaints?\b[^.\n]{{0,25}}?[ (](?:our\s+|your\s+)?{REF}|"
    rf"(?:adjudicator|ombudsman|phso|ico|information\s+commissioner)(?:'s)?(?:\s+office)?\s+(?:case\s+)?{REF}|"
    r"(?:second|first|tier\s*[12])[\s-]*(?:tier\s+)?review|complaint)"
)
CALL_LABEL = rf"(?:(?:phone\s+|telephone\s+)?(?:call|helpline|webchat|chat)\s*{REF_OR_NUMBER}(?:\s+given)?)"
PENALTY_LABEL = rf"(?:penalty\s*(?:notice\s*|charge\s*|assessment\s*)?{REF_OR_NUMBER})"
PAYMENT_LABEL = rf"(?:(?:payment|charge|giro|(?:paye\s+)?accounts?\s+office|ao)\s*{REF})"
AGENCY_LABEL = (
    rf"(?:(?:(?:debt\s+)?(?:collection\s+)?agency|(?:debt\s+)?collections?|debt\s+collectors?|dca|debt)'?s?\s*"
    rf"(?:{REF}|account\s*(?:number|no\.?)))"
)
POLICY_LABEL = rf"(?:policy\s*{REF_OR_NUMBER})"
TRIBUNAL_LABEL = rf"(?:(?:tribunal|ftt)\s*(?:appeal\s*|case\s*)?{REF_OR_NUMBER})"
CGT_LABEL = (
    r"(?:(?:cgt|capital\s+gains(?:\s+tax)?)\s*(?:on\s+uk\s+property\s*)?"
    rf"(?:(?:account|return|submission|property)\s*){{0,2}}{REF_OR_NUMBER})"
)
SDLT_LABEL = (
    r"(?:utrn|unique\s+transaction\s+reference(?:\s+number)?|(?:sdlt|stamp\s+duty(?:\s+land\s+tax)?)\s*"
    rf"(?:return\s*|transaction\s*|certificate\s*)?{REF_OR_NUMBER}(?:\s*\(utrn\))?)"
)
TRACKING_LABEL = rf"(?:(?:tracking|royal\s+mail|special\s+delivery|consignment)\s*{REF_OR_NUMBER})"
HMRC_LABEL = (
    r"(?:(?:our|hmrc|hmrc's|case|letter|submission|receipt|file|decision|appeal|review|claim|customs|enquiry|check|"
    rf"caseflow|correlation|transaction|document|registration|declaration|entry|notice)\s*{REF}|"
    r"(?:form\s+)?bundle(?:\s+(?:number|no|ref(?:erence)?|id))?\b\.?|(?:correlation|transaction|submission|"
    r"document|message|"
    r"receipt|application|claim|declaration|conversation)\s+(?:id|number|no)\b\.?|case\s+(?:id|number|no\.?)|mrn|"
    rf"(?:demand(?:\s+note)?|assessment|notice|ack(?:nowledge?ment)?\.?)\s*{REF_OR_NUMBER}|"
    rf"quot(?:e|ing)(?:\s+(?:our\s+)?(?:{REF}|number))?|"
    r"(?<!bank )(?<!order )(?<!customer )(?<!officer )(?<!booking )\bref(?:erence)?\b\.?(?:\s*(?:number|no)\b\.?)?)"
)
MATTER_LABEL = r"(?:(?:compliance\s+)?check|enquiry|case|complaint)"
SLASHED = r"[A-Z]{2,}(?:/[A-Z0-9]+){2,}"
"""A value whose shape alone, after a word such as "check", makes a reference: CH/SE/2022/00412."""
YOUR_LABEL = rf"(?:(?:your|agent'?s?|client|matter)\s*{REF})"

HEADER_WORDS = (
    r"(?:(?:our|your|hmrc|case|complaint|call|penalty)\s+)?(?:ref(?:erence)?(?:\s+(?:number|no))?|"
    r"dates?(?:\s+of\s+(?:issue|notice))?|phone|telephone|issued|tax year|subject|contact|name|amount|utr|nino)"
)
"""The words of a header line whose values stand in the line below."""
