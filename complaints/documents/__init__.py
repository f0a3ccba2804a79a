"""Readers: files in, pages of text with positions out. Pure; nothing here knows Django or a database."""

from complaints.documents.isolation import read_bundle, read_file_isolated, read_files
from complaints.documents.limits import Limits
from complaints.documents.reading import read_bytes

__all__ = ["Limits", "read_bundle", "read_bytes", "read_file_isolated", "read_files"]
