"""The things that papers speak of, in the words for all taxes: returns, claims, letters, sending, receiving."""

RETURN = (
    r"(?:(?:tax |vat |paye |self assessment |company tax |corporation tax |land transaction "
    r"|cgt |property |sdlt |cis |estate |trust |partnership |"
    r"inheritance tax |final )*returns?|sa\d{3}|ct600|p11d(?:\(b\))?|p35|fps|eps|rti "
    r"(?:return|submission)s?|cis300|vat100|iht\d{3}|sdlt1|"
    r"full payment submissions?|accounts|submissions?|corrected figures|amend(?:ed|ment to the) (?:return|figures))"
)
CLAIM = (
    r"(?:(?:repayment |loss |relief |refund |carry[- ]back |overpayment relief |r&d "
    r"|grant |seiss |cjrs |vat |error )*claims?|r40|p87|p50|p53\w?|p55|r43|c285|vat652|"
    r"form 64-?8)"
)
APPLICATION = (
    r"(?:(?:vat1|vat registration |registration |eori |gross payment |deferment )?applications?|"
    r"vat1|ct41g|sa1|tr1|cwf1|cis30\d|registration forms?)"
)
LETTERS = r"(?:letters?|correspondence|e-?mails?|fax(?:es)?|ltrs?|chasers?|reminders?|note|reply|replies|response)"
SENT = (
    r"(?:sent|posted|filed|submitted|lodged|delivered|made|went (?:in|off|online)|put "
    r"in|uploaded|handed in|e-?mailed|dispatched|despatched|transmitted|e-?filed|completed "
    r"online)"
)
GOT = (
    r"(?:received|logged(?: as received)?|reached|arriv\w+|landed|came in|stamped|scanned|"
    r"acknowledged|delivered|turned up|signed for)"
)
