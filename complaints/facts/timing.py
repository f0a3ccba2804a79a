"""Words around a date that tell whether something happened on it: ends of periods, deadlines, what is to come."""

import re

# Right before a date these words say that the date is not a day on which something was done.
NOT_A_HAPPENING = re.compile(
    r"(?:\b(?:from|until|till|to|by|before|after|for|since|between|ended|ending|end(?:s)"
    r"?|ye|y/e|as at|as of|up to|through|expires?|expired?|due|beginning|"
    r"commencing|starting|effective(?: from| date(?: of registration)?(?: of)?)?|effective "
    r"date of|date of birth|dob|born|born on|asked for|"
    r"should be|show(?:s|ed|n)?(?: edr)?|edr|gives?|gave|keyed|instead of|not|year|years|"
    r"period|periods|quarter|month|week|on or before|no later than|not later than|"
    r"with effect|wef|payable|deadline|limit|next|falls? (?:due )?on|due on|expires? "
    r"on|ends? on|first return|is|was|be|as)|[-–])\s*(?:the\s*)?$",
    re.I,
)
PERIOD_AFTER = re.compile(r"^\s*(?:-|–|to|until|and ending)\s*(?:the\s+)?(?:\d|[a-z]+day\b)", re.I)
AHEAD = re.compile(
    r"\b(?:will|shall|must|should be paid|is due|are due|was due|were due|payable|no "
    r"later than|deadline|expires?|would be due|to be paid|if sent)\b",
    re.I,
)
