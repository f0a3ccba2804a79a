"""From files and GOV.UK's answers to pages: read, cleaned, known by their identifier, cut into chunks. Pure."""

from knowledge.ingestion.records import Limits, Page, Problem, UnreadablePageError

__all__ = ["Limits", "Page", "Problem", "UnreadablePageError"]
