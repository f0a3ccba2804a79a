"""Facts of a case, found without a model: `extract_document` for one document, `combine_facts` for a case."""

from complaints.facts.combine import combine_facts
from complaints.facts.extract import extract_document

__all__ = ["combine_facts", "extract_document"]
