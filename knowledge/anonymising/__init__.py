"""Take people out of a text: before it is stored as a precedent, or before it leaves the house. Pure."""

from knowledge.anonymising.places import WHOLE, Private, find_private
from knowledge.anonymising.removal import (
    ACCOUNT,
    ADDRESS,
    BIRTH,
    BUSINESS,
    EMAIL,
    LINK,
    NAME,
    PHONE,
    REFERENCE,
    Anonymised,
    anonymise,
)
from knowledge.anonymising.vocabulary import is_ordinary

__all__ = [
    "ACCOUNT",
    "ADDRESS",
    "BIRTH",
    "BUSINESS",
    "EMAIL",
    "LINK",
    "NAME",
    "PHONE",
    "REFERENCE",
    "WHOLE",
    "Anonymised",
    "Private",
    "anonymise",
    "find_private",
    "is_ordinary",
]
