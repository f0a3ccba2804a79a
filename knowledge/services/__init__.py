"""Writes of the knowledge base."""

from knowledge.services.digest import LoadReport, load_digest_into_database

__all__ = ["LoadReport", "load_digest_into_database"]
