"""Whether the answer kept for one question may be given for another: slots, and a guard that compares them. Pure."""

from knowledge.answers.guard import Judge, Verdict, judged_same, same_answer, upper_bound
from knowledge.answers.slots import Slots, read_slots

__all__ = ["Judge", "Slots", "Verdict", "judged_same", "read_slots", "same_answer", "upper_bound"]
