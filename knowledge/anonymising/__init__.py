"""Take people out of a text before it is stored as a precedent. Pure."""

from knowledge.anonymising.removal import Anonymised, anonymise

__all__ = ["Anonymised", "anonymise"]
