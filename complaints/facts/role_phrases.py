"""What a sum is by the phrase around it, where the phrase leaves no doubt.

In a phrase, § stands for the sum in question and ¤ for the other sums of the sentence. The first phrase that fits
decides; sums that no phrase knows are left to the nearest words (see `roles`).
"""

import re
from dataclasses import dataclass

from complaints.facts.records import Actor, AmountRole

_BY_OTHERS: frozenset[Actor] = frozenset({"client", "agent", "third_party"})
_BY_HMRC: frozenset[Actor] = frozenset({"hmrc"})
_ANYONE: frozenset[Actor] = _BY_OTHERS | _BY_HMRC
_GAP = r"[^.;§¤]"
_BACK = r"(?:repaid|refunded|returned|sent back|paid back|credited back|reimbursed|given back|come back|came back)"
_WHOM = r"(?:(?:to )?(?:me|us|him|her|them|you|it|the client|our client|the company|the trust) )?"
_LOSABLE = (
    r"(?:orders?|contracts?|jobs?|tenders?|sales?|deals?|bookings?|commissions?|customers?|clients|trade|turnover|"
    r"business|profits?|earnings|wages|income|opportunit\w+|work|discount|rate|grant funding|deposit)"
)

_REFUND = r"(?:repayments?|refunds?|credits?|overpayments?|reclaim|deductions|money)"
_WHOSE = r"(?:the|your|our|his|her|their|my|its|this|that)"
_DIVERTED = (
    r"set (?:off )?against|set off|offset|used (?:to|against|for|towards)|taken (?:to|for|against)|put (?:to|"
    r"against|towards)|"
    r"applied (?:to|against|towards)|allocated (?:to|against)|diverted|misallocated|moved to|kept (?:for|against)"
)
_SOME = (
    r"(?:\d+(?:\.\d+)?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|sixteen|"
    r"eighteen|twenty|"
    r"twenty[- ]\w+|thirty|thirty[- ]\w+|forty|fifty|sixty|a dozen|dozens of|countless|several|many)"
)


@dataclass(frozen=True, slots=True)
class RolePhrase:
    role: AmountRole
    pattern: re.Pattern[str]
    speakers: frozenset[Actor]
    unless: re.Pattern[str] | None = None


def _phrase(
    role: AmountRole, *words: str, speakers: frozenset[Actor] = _ANYONE, unless: str | None = None
) -> RolePhrase:
    joined = "|".join(words).replace("~", _GAP)
    banned = re.compile(unless.replace("~", _GAP), re.I) if unless else None
    return RolePhrase(role, re.compile(rf"(?<!\w)(?:{joined})", re.I), speakers, banned)


PHRASES: tuple[RolePhrase, ...] = (
    _phrase(
        "tax_overdeducted",
        r"(?:deduct(?:ed|ing)|took|taken|taking|taxed)\b~{0,25}§ too much\b",
        r"student loan (?:deductions?|repayments?)~{0,20}§",
    ),
    _phrase(
        "debt_demanded",
        r"(?:tax credits?|child benefit|universal credit|awards?|grants?) (?:of )?§ (?:was|were|has been|"
        r"have been) overpaid\b",
    ),
    _phrase(
        "tax_paid",
        r"(?:they|hmrc|it|he|she) (?:has |have )?(?:took|taken) (?:the )?§ (?:from|out of) (?:my|our|the|his|her)\b",
    ),
    _phrase(
        "repayment_made",
        r"(?:cheque|payable order|refund|repayment)s? (?:for|of) §~{0,15}\b(?:came|arrived|landed|turned up|cleared)\b",
        speakers=_BY_OTHERS,
    ),
    _phrase(
        "direct_cost",
        r"(?:solicitors?|conveyancers?|valuers?|surveyors?|notary|courier|registrar|landlord|bailiffs?|"
        r"locksmith) (?:has |have )?"
        r"(?:charged|billed|invoiced|wanted)(?: (?:me|us|him|her|them))? §",
        speakers=_BY_OTHERS,
    ),
    _phrase(
        "repayment_outstanding",
        rf"§ of {_WHOSE}[^.;§¤]{{0,40}}\b{_REFUND}\b~{{0,20}}\b(?:was |were |has been |had been |is |been )*"
        rf"(?:{_DIVERTED})\b",
        rf"(?:{_DIVERTED}|using) § of {_WHOSE}[^.;§¤]{{0,40}}\b{_REFUND}\b",
        rf"§~{{0,40}}\b(?:was |were |has been |had been |is |been )*(?:{_DIVERTED})\b~{{0,20}}"
        r"\b(?:against|to (?:pay|clear|settle|meet)|towards)\b~{0,60}\b(?:another|other|wrong|different|"
        r"someone|else)\b",
        r"(?:set[- ]off|offset|diverted|misallocated)\b(?: wrongly| against[^.;§¤]{0,40}| of|:| sum|"
        r" amount)* ?(?:of )?§",
        r"(?:still|yet) to (?:be repaid|be refunded|come|pay)\W{0,3}§",
        r"§ (?:of (?:it|this|that|the money) )?(?:is |remains? |has |was )?(?:still )?(?:not been repaid|"
        r"not repaid|not (?:been )?(?:paid|sent) back)\b",
        r"(?:rest|remainder|remaining)\b~{0,15}§~{0,25}\b(?:not|never|still|unpaid|outstanding|missing|withheld)\b",
        unless=r"\bpenalt|\binterest\b~{0,10}§|\bfees?\b",
    ),
    _phrase(
        "repayment_made",
        r"(?:balance|rest|remainder|difference)(?: of|:|,)? §,? (?:will be|has been|was|is being|is|shall be) (?:now )?"
        r"(?:sent|paid|credited|repaid|transferred|refunded|released)\b",
        r"(?:not (?:a|one) (?:penny|pound)|nothing)[^.;§¤]{0,30}\b(?:since|but|besides|apart from|except)\b(?: the)? §",
        speakers=_ANYONE,
    ),
    _phrase(
        "own_time_claim",
        r"(?:an|per|each|a|the|/) ?(?:hour|hr|day)\b,?~{0,12}\b(?:that|which|it|this|makes?|comes?|is|would|"
        r"totals?)\b~{0,25}§",
        rf"(?:{_SOME} )(?:hours?|hrs|days?|evenings?|weekends?|afternoons?|mornings?)\b[^;§¤]{{0,70}}§",
        r"§~{0,20}\bfor (?:my|our|his|her|their) (?:own )?(?:time|trouble|hours|work|effort)\b",
        speakers=frozenset({"client", "third_party"}),
        unless=r"\b(?:fees?|invoice|our charges|partner|manager|lost|late|overdue|interest|penalt\w+)\b",
    ),
    _phrase(
        "alleged_loss",
        r"(?:off|reduc\w+|knock\w*|drop\w*|cut\w*|lower\w*)~{0,20}\b(?:asking )?(?:price|offer|bid|"
        r"quote)\b[^;§¤]{0,60}§",
        r"(?:talking of|talking about|talked of|mentioned|in the region of)~{0,10}§",
        r"(?:hold(?:s|ing)? back|held back|withh(?:eld|old\w*)|keep(?:s|ing)? back|kept back|sitting on|"
        r"refus(?:es|ed|ing)"
        r" to pay|won['’]t pay|not paying)\b~{0,50}§",
        r"§~{0,15}\b(?:held back|withheld|kept back|on stop|in retention)\b",
        r"(?:miss|lose|lost|losing|missed|missing|without|forfeit\w*|forgo\w*)\b[^.;§¤]{0,60},? (?:worth |of |"
        r"about |at )?§",
        speakers=frozenset({"client"}),
        unless=r"\b(?:hmrc|the revenue|tax office|refund|repayment|cheque|penalt\w+|interest|fees?|invoice (?:from|of) "
        r"(?:you|yours))\b",
    ),
    _phrase(
        "allowance",
        r"(?:transfer|elect|claim|surrender|giv)\w*~{0,20}§ of (?:her|his|their|the|my|"
        r"your)[^.;§¤]{0,25}\ballowances?\b",
        r"§~{0,10}\b(?:of |as )?(?:the |her |his |their |my )?(?:personal |marriage |blind person['’]s |"
        r"annual |trading |"
        r"property |dividend |savings |employment |annual investment )?(?:allowances?|exempt amount|"
        r"nil[- ]rate band)\b",
        r"(?:allowance|annual exempt amount|nil[- ]rate band)(?: of| is| was|:| at| given| received| transferred)* ?§",
        unless=r"\bgrant\b|\boverpaid\b|\battendance allowance\b|\bcarer['’]s allowance\b",
    ),
    _phrase(
        "distress_offer",
        r"(?:worry|distress|upset|inconvenience|anxiety|stress|poor (?:service|complaint handling))\b[^§¤]{0,70}§ "
        r"(?:is|was|would be|seems|to be) (?:\w+ )?(?:appropriate|fair|reasonable|right|sufficient|enough|"
        r"adequate|low)\b",
        r"(?:consider|decided|think|believe|conclude)\w*(?: that)? (?:a (?:payment|sum) of )?§ (?:is|was|would be) "
        r"(?:\w+ )?(?:appropriate|fair|reasonable|right|sufficient|enough)",
        r"(?:worry|distress|upset|inconvenience)(?: and (?:worry|distress|inconvenience))?\W{1,3}§",
        r"§ (?:came|was (?:given|offered|awarded)|is offered) (?:without|with no) (?:any )?(?:reasons?|explanation)",
    ),
    _phrase(
        "tax_refunded",
        r"(?:refund|repayment)(?: of)? §[^.;§¤]{0,70}\b(?:with|through|in|via|alongside) (?:the |his |her |"
        r"their |my |your )?"
        r"(?:\w+ )?(?:pension|pay|wages|salary|payroll|payslip)\b",
        r"(?:pension|payroll|employer|wages|salary|payslip)\b[^.;§¤]{0,60}\b(?:included|showed|had|"
        r"contained)\b[^.;§¤]{0,20}"
        r"\b(?:refund|repayment) of §",
    ),
    _phrase(
        "direct_cost",
        r"paid (?!hmrc|hm |the (?:tax|vat|duty|revenue|inland))(?:(?-i:[A-Z])[\w&.'’-]+ ){1,3}(?:their |its |"
        r"his |her |the |for )?§",
        r"paid (?:the )?(?:software (?:house|people|company|supplier)|bureau|courier|bank|solicitors?|"
        r"surveyors?|valuers?|"
        r"registrar|engineer|locksmith|translator|helpdesk|support)\b~{0,15}§",
        r"(?:charged|billed|invoiced) (?:me|us|him|her|them) §(?! (?:tax|vat|penalt|interest))",
        speakers=frozenset({"client"}),
        unless=r"\bbank\b|\b(?:hmrc|tax|vat of|duty|penalt\w+|surcharge|payments? on account|interest)\b~{0,15}§|"
        r"§ (?:of )?(?:tax|vat|"
        r"duty|nic)\b|\byour (?:invoice|bill|fees?)\b",
    ),
    _phrase("fee_charged_net", r"(?:invoice|bill|fee note|inv)\.? (?:no\.? |number )?\w*\d[\w/-]*,? ?\(§"),
    _phrase(
        "alleged_loss",
        r"(?:cancel\w+|lost|losing|lose|miss\w*(?: out on)?|turned (?:down|away)|pull\w+|withdr[ae]w|"
        r"gave up|forgone?)\b"
        r"~{0,30}§",
        rf"§ {_LOSABLE}\b",
        r"would (?:probably |likely )?have (?:been|made|earned|brought|paid|given|fetched|cleared)\b[^.;§]{0,40}§",
        r"could have (?:earned|made|sold)\b~{0,40}§",
        r"(?:i|we|he|she|they)(?:['’]d| would)? (?:reckon|guess|estimate|put it at)\w*~{0,60}§",
        r"(?:i|we|he|she)(?:['’]d| would| should) (?:say|think|put it at|imagine)\b~{0,30}§",
        r"(?:ruined|spoilt|spoiled|wrecked|damaged|written off)\b[^.;§]{0,40}§",
        r"§~{0,15}\bto (?:put (?:it |that )?right|repair|mend|make good|redo)\b",
        r"(?:will|would|has|have|had|must have|may have)(?: probably| likely)? costs? (?:me|us|him|"
        r"her|them)\b~{0,25}§",
        r"§ (?:i|we) (?:reckon|think|guess|believe)",
        r"loss of (?:profit|trade|earnings|income|business|opportunity|interest)\w*\b~{0,30}§",
        speakers=_BY_OTHERS,
        unless=r"\b(?:lost|missing|mislaid|cancel\w+)\b~{0,20}\b(?:cheque|payment|return|letter|form|refund|repayment|"
        r"charge|demand|penalt\w+|assessment|notice|surcharge|interest|debt|tax|loss(?:es)?)\b|"
        r"\b(?:fees?|invoice|bill|"
        r"postage|bank charges?|trading losses|capital loss)\b~{0,20}§",
    ),
    _phrase(
        "own_time_claim",
        r"§ ?(?:an|per|a|/) ?(?:hour|hr|day|h)\b",
        r"(?:own|my|our|his|her) (?:own )?time\b[^.;]{0,80}§",
        r"\d+ hours\b[^.;]{0,60}§",
        r"(?:days?|shifts?|hours?) (?:off|of leave|unpaid|of my time)\b[^.;]{0,60}§",
        speakers=_BY_OTHERS,
        unless=r"\b(?:fees?|invoice|our charges|partner|manager)\b",
    ),
    _phrase(
        "distress_offer",
        r"offer(?:ed|ing|s)?\b(?! (?:to )?(?:settle|pay the tax))~{0,50}§",
        r"award(?:ed|ing)? (?:you|him|her|them|mr\w*|miss|your client)\b~{0,25}§",
        r"(?:redress|consolatory|goodwill|ex[- ]gratia|compensation)(?: payment| award| sum)?(?: of)? §",
        r"in recognition\b~{0,60}§",
        r"§~{0,30}\b(?:for|in recognition of|to reflect|as redress|by way of|to say sorry|to apologi[sz]e)\b~{0,25}"
        r"(?:worry|distress|upset|inconvenience|trouble|stress|anxiety|poor (?:service|handling)|"
        r"redress|goodwill|sorry|"
        r"consolat\w+)",
        r"(?:taking|accept(?:ing|ed)?|reject(?:ing|ed)?|refus(?:ing|ed)|turn(?:ing|ed) down) (?:their|"
        r"your|hmrc['’]s|the)"
        r" (?:offer of )?§",
        r"(?:worry and distress|distress|worry|upset|inconvenience)(?: payment)?(?: of|:) §",
        unless=r"\b(?:claim|want|ask|seek|deserve)\w*\b~{0,40}§|\bloan offer|mortgage offer|offer for the\b",
    ),
    _phrase(
        "interest_paid",
        rf"(?:{_BACK}|repayment|refund|credited)\b[^.;§]{{0,80}}§ (?:of |in |as )?(?:repayment |"
        rf"credit |hmrc )?interest\b",
        rf"(?:{_BACK}|repayment|refund|credited)\b[^.;§]{{0,80}}\b(?:with|plus|and|including) interest (?:of |at )?§",
        r"(?:arranged|sent|paid|pay)\b[^.;§]{0,60}\b(?:with|plus|and|including) (?:interest (?:of |"
        r"at )?§|§ (?:of )?interest)",
        r"repayment (?:interest|supplement)(?: of)?:? §",
        r"interest (?:of )?§ (?:was|has been|will be|is being) (?:paid|credited|added to (?:the|"
        r"your) (?:repayment|refund))",
    ),
    _phrase("grant", r"grants?\b~{0,40}§", r"§ (?:\w+ )?grants?\b", r"(?:seiss|cjrs|furlough)\b~{0,25}§"),
    _phrase(
        "vat",
        r"vat of § (?:re)?claimed",
        r"(?:input|output) (?:tax|vat)(?: of|:)? §",
        r"box [14]\b[^.;§¤]{0,30}§",
        r"plus (?:vat of )?§ (?:of )?vat",
        r"§ (?:of )?(?:input |output )?vat\b(?! (?:repay|refund|claim|return|assess))",
    ),
    _phrase(
        "tax_refunded",
        r"§~{0,15}\b(?:over-? ?deducted|deducted (?:in error|wrongly)|overtaken)~{0,25}\b(?:repaid|"
        r"refunded|returned)",
        r"(?:deductions?|code|payroll|employer|payslip)\b~{0,40}\b(?:refunded|repaid) §",
        r"(?:refund|refunded) (?:of )?§~{0,20}\b(?:through|via|in) (?:the |his |her |their |"
        r"my )?(?:pay|payroll|wages|salary)",
    ),
    _phrase(
        "repayment_claimed",
        r"(?:claim(?:ed|s|ing)?|application|appl(?:y|ied)|request(?:ed)?|ask(?:ed|"
        r"ing)?)\b~{0,12}\b(?:to|for|of) (?:a |the |"
        r"full |vat |tax |sdlt )*(?:repayment|refund|overpayment)s? (?:of|for|:)? ?§",
        r"(?:repayment|refund|overpayment)s? (?:of )?§~{0,12}\b(?:was |were |is |being |as |we |he |she |they )*"
        r"(?:claimed|requested|sought|reclaimed|asked for|applied for)\b",
        r"(?:amount|sum|total|refund|repayment|vat|tax|duty) (?:re)?claimed(?: back)?(?: (?:is|was|of|comes to))?"
        r"\W{0,4}§",
        r"(?:re)?claim(?:ed|ing|s)? (?:back )?(?:the |a |vat of |tax of |duty of |sdlt of )*§",
        r"§ (?:was |were |is |being )?(?:claimed|reclaimed)\b(?! in box)",
        r"§ (?:repayment|refund) claim",
        unless=r"\bgrant\b|\ballowance|\bexpenses\b|\binsur|\bcompensation\b|claim(?:ing|ed)? (?:our )?(?:fees|costs)|"
        r"\bloss",
    ),
    _phrase(
        "repayment_due",
        rf"§~{{0,25}}\b(?:will|would|should|must|to|can|shall) (?:now |then |also )?be {_BACK}",
        rf"(?:will|shall|to) (?:now )?(?:repay|refund|return|send back|"
        rf"reimburse) {_WHOM}(?:the )?(?:\w+ ){{0,2}}(?:of )?§",
        r"(?:get(?:ting)?|want\w*|(?:to|must|should) have|not seen|never (?:had|got|seen)|waiting for) "
        r"(?:\w+ ){0,2}§ back\b",
        rf"(?:owes?|owed) {_WHOM}(?:the )?(?:sum of )?§",
        r"due (?:back )?to (?:me|us|him|her|them|you|the client|our client|the company|the trust)\W{0,3}§",
        rf"(?:will|shall|would|should|to) be \w+ and § {_BACK}",
        r"arranged for §~{0,20}\bto be (?:sent|paid|issued|credited)",
        r"(?:will|shall|to) (?:now )?(?:pay|issue|send)~{0,20}\b(?:repayment|refund) of §",
        r"(?:repayment|refund)s? (?:of )?§ (?:has been |was |is |"
        r"which is )?(?:still )?(?:authori[sz]ed|approved|agreed|due|"
        r"outstanding|owed|payable|held|on hold|withheld|awaited|not)",
        r"overpa(?:id|yment)\b~{0,15}§",
        r"§ (?:overpaid|overpayment|in credit|is (?:due|owed) (?:back )?to|(?:vat |tax |sdlt |"
        r"paye )?(?:repayment|refund)\b)",
        unless=r"\bowes? (?:hmrc|us|the revenue)\b|\boverpaid (?:grant|award|tax credit|child benefit)|"
        r"\bwas (?:made|paid|issued|repaid|refunded) on\b",
    ),
    _phrase(
        "repayment_made",
        r"(?:(?:re)?paid|sent|credited|refunded|released|transferred) to (?:you|your (?:bank )?account)\b"
        r"(?! by mistake)\W{0,4}§",
        rf"§~{{0,25}}\b(?:was|were|has been|have been|been|got|is now)\b~{{0,15}}\b{_BACK}",
        r"§~{0,15}\b(?:came|come|arrived|landed|turned up)\b~{0,10}\b(?:back|in the (?:bank|account)|from hmrc)\b",
        rf"(?:repaid|refunded|sent back|paid back|returned|reimbursed) {_WHOM}(?:the )?(?:sum of )?§",
        r"(?:repayment|refund|payable order|repayment cheque)s? (?:of |for )?§~{0,20}\b(?:was|were|"
        r"has been|have been|finally|"
        r"eventually|arrived|came)\b~{0,12}(?:made|issued|paid|sent|received|credited|released|arrived|came)?",
        r"(?:received|got|had|receipt of)\b~{0,20}\b(?:repayment|refund)(?: of)? §",
        r"(?:had|got|received) (?:the|my|our|his|her|their) § (?:at last|back|now|finally|in full|today|yesterday)",
        r"hmrc (?:has |have |finally |then )*(?:repaid|refunded|paid (?:me|us|him|her|them|back)) §",
    ),
    _phrase(
        "repayment_outstanding",
        r"(?:repaid|refunded|repayment|refund)\b[^.;§]{0,60}\b(?:leaving|leaves|left)(?: a balance of)? §",
        r"(?:balance|rest|remainder) of the (?:repayment|refund)\W*(?:of )?§",
        r"§ of (?:the|this|that) (?:repayment|refund)~{0,20}\b(?:unpaid|outstanding|due|owed|missing)",
    ),
    _phrase(
        "debt_demanded",
        r"overpaid (?:\w+ )?(?:tax credits?|child benefit|universal credit|award|grants?|allowance)\b~{0,20}§",
        r"(?:take|deduct|collect) § (?:a|each|per|every) (?:month|week)",
        r"(?:shows?|showed|showing|says?|states?)\b~{0,40}§~{0,12}\b(?:unpaid|outstanding|overdue|"
        r"owing|due|owed|in arrears)",
        r"§~{0,12}\b(?:is |was |remains? |still |as |said to be )*(?:unpaid|outstanding|overdue|owing|in arrears)\b",
        r"demand(?:s|ed|ing)?\b~{0,40}§",
        r"§~{0,25}\b(?:was|were|is|being|has been) (?:demanded|chased|pursued)\b",
        r"(?:collect(?:ing|ed)?|chas\w+ (?:us|him|her|them|for)|pursu\w+|recover(?:ing)?)\b~{0,40}§",
        r"(?:debt|arrears|underpayment)\b~{0,40}§",
        r"§ (?:tax )?debt\b",
        r"(?:total|amount|balance|sum|full amount)(?: now| still| you)* (?:to pay|due|owed|owing|owe|payable|overdue|"
        r"outstanding)(?: now| by \w+)?\W{0,4}§",
        r"(?:distrain|distraint|bailiffs?|enforcement|field force)\b~{0,40}§",
        unless=r"\b(?:repayment|refund|interest|invoice|fee note|bill|fees)\b~{0,10}§|"
        r"§ (?:repayment|refund|is (?:still )?(?:owed|due) to)|(?:repayment|refund)\b~{0,30}\b(?:unpaid|outstanding)|"
        r"\bduty of §~{0,30}\bwas (?:paid|due)|\bpenalt(?:y|ies) of §|\bsurcharge of §",
    ),
    _phrase(
        "assessed_tax",
        r"charge(?:s|d)?(?: of| with| for)? §",
        r"§ (?:too much|overclaimed|overpaid to you)",
        r"(?:underpaid|underpayment)(?: tax| vat| duty| paye| nic)?(?: of)? §",
        r"assess(?:ed|ment|ments)?\b~{0,25}§",
        r"determin(?:ed|ation)\b~{0,40}§",
        speakers=frozenset({"hmrc", "agent"}),
        unless=r"\b(?:penalt\w*|interest|surcharge|bank|overdraft|card|fee|fees|vat|we|rate)\b~{0,15}§",
    ),
    _phrase(
        "true_liability",
        r"(?:should|ought to) (?:only )?have been §",
        r"(?:correct|corrected|true|right|actual|proper|revised) (?:\w+ )?(?:tax|duty|vat|figure|"
        r"liability|amount|charge|bill|sum|total)"
        r"(?: due)?(?: is| was| of|:)? §",
        r"(?:correct|corrected|true|right|actual|proper|revised) (?:\w+ )?(?:tax|duty|vat|liability|amount|charge|"
        r"bill|sum|"
        r"total) (?:for|on|due|in) [^.;§¤]{2,40}?,? §",
        r"(?:tax|vat|duty|cgt|sdlt|nic)(?: due| payable)? at (?:the )?(?:standard|basic|normal|"
        r"residential|main|small)"
        r"~{0,15} rates?\W{0,5}§",
        r"(?:properly|correctly|actually|really|lawfully) (?:due|payable|owed)(?: is| was|:)? §",
        r"(?:tax|vat|duty|cgt|sdlt|nic)(?: due| payable| charge)? (?:at|@) \d+(?:\.\d+)? ?%\W{0,5}(?:¤\W{0,5})?§",
        r"§ (?:was|is|were) (?:the )?(?:correct|right|true) (?:tax|duty|amount|liability|figure)",
    ),
    _phrase(
        "tax_paid",
        r"hmrc (?:has |have )?(?:took|taken|collected|deducted|seized) (?:the )?§",
        r"(?:total |payments? |amount |sum |money )+received(?: from you| to date| so far)?\W{0,4}§",
        r"(?:tax|vat|duty|paye|sdlt|cgt|nic|levy) of § (?:was |were |has been |"
        r"had been )?(?:\w+ )?(?:paid|sent|transferred)",
        r"(?:i|we|he|she|they|it|partners?|company|client|trustees?|director) (?:has |have |had |"
        r"duly |then |already |only )*"
        r"(?:paid|sent|transferred|remitted) (?:hmrc |you |them |over |across )?(?:the )?(?:tax of |sum of |full )?§"
        r"(?! (?:for|to) (?:the |our |my |a )?(?:trace|postage|bank|accountant|invoice|fees?|courier|"
        r"copy|loan|interest))",
    ),
    _phrase(
        "loan",
        r"§ (?:bank |business |personal |bridging )?(?:overdraft|loan|facility|mortgage|advance)\b(?! (?:interest|"
        r"fees?|charges?|"
        r"costs?|arrangement))",
        r"(?:borrow(?:ed|ing)?|lent (?:me|us|him|her|them))\b~{0,40}§",
        speakers=_BY_OTHERS,
    ),
    _phrase(
        "direct_cost",
        r"(?:had|forced|obliged) to (?:buy|replace|hire|rent|pay for|instruct|travel)\b~{0,40}§",
        r"(?:post office|postage|signed[- ]for|special delivery|recorded|registered post|courier|"
        r"bank trace|payment trace|"
        r"trace fee|duplicate|certified cop\w+|replacement|copy (?:statements?|certificates?)|"
        r"translat\w+|notar\w+|taxi|"
        r"parking|train fares?|mail redirection|land registry|companies house)\b[^.;§]{0,60}§",
        r"§~{0,20}\b(?:for|on) (?:\w+ ){0,3}(?:postage|stamps|special delivery|recorded delivery|"
        r"courier|trace|redirection|"
        r"certified cop\w+|copy statements?|petrol|parking|taxis?|train fares?)\b",
        unless=r"\bduplicate (?:charge|claim|payment|penalt)|\breplacement (?:cheque|payment)|\bcopy (?:of )?return",
    ),
)


def phrase_role(sentence: str, speaker: Actor) -> AmountRole | None:
    """The role of the sum marked § in a sentence, if a phrase of this speaker settles it."""
    for phrase in PHRASES:
        if speaker not in phrase.speakers or not phrase.pattern.search(sentence):
            continue
        if phrase.unless is None or not phrase.unless.search(sentence):
            return phrase.role
    return None
