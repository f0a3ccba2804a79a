"""Is a sentence borne out by its evidence? Decided by code alone, without a model."""

from lightpoint.grounding.check import check_sentence
from lightpoint.grounding.records import Evidence, Reason, Verdict

__all__ = ["Evidence", "Reason", "Verdict", "check_sentence"]
