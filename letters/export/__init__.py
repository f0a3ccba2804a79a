"""A letter as plain text, DOCX and PDF. Pure; the same letter gives the same bytes."""

from letters.export.pdf import write_pdf
from letters.export.text import letter_text
from letters.export.word import write_docx

__all__ = ["letter_text", "write_docx", "write_pdf"]
