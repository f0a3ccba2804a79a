"""The guidance digest: 61 GOV.UK pages in our own words, with their figures, dates and versions."""

from knowledge.digest.loader import DigestError, build_section, load_digest, read_digest
from knowledge.digest.records import TOPICS, Figure, GuidanceSection, PostalAddress, Standard

__all__ = [
    "TOPICS",
    "DigestError",
    "Figure",
    "GuidanceSection",
    "PostalAddress",
    "Standard",
    "build_section",
    "load_digest",
    "read_digest",
]
