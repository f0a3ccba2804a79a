"""Search through the knowledge base: exact identifiers, words and vectors in one round trip, ranked and checked.

found = search("What does HMRC pay for worry?", practice_id=practice.pk, on=event)
if found.answerable >= 0.5:
    found.results[0].identifier, found.results[0].snippet
"""

from knowledge.search.searching import SEARCH, Found, Hit, search

__all__ = ["SEARCH", "Found", "Hit", "search"]
