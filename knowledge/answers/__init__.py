"""Whether the answer kept for one question may be given for another: slots, and a guard that compares them. Pure."""

from knowledge.answers.guard import THRESHOLD, Judge, Verdict, same_answer
from knowledge.answers.slots import Slots, read_slots

__all__ = ["THRESHOLD", "Judge", "Slots", "Verdict", "read_slots", "same_answer"]
