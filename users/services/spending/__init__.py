"""What language models may cost, and what they did.

accountant = accountant_for(practice, user, complaint_id=complaint.pk, letter_id=letter.pk, stage="outline")
with charged_to(accountant):         # lightpoint.llm: every call is held against the budgets, and booked
    complete(prompt, "fast")
"""

from users.services.spending.accountant import SpendingAccountant, accountant_for
from users.services.spending.budgets import BudgetExists, change_budget, remove_budget, set_budget
from users.services.spending.records import Charge, Errand, Held, charge_of
from users.services.spending.reserving import BudgetExceeded, UnpricedModel, reserve
from users.services.spending.settling import Call, book_hit, reclaim_reservations, settle
from users.services.spending.warnings import send_budget_warning

__all__ = [
    "BudgetExceeded",
    "BudgetExists",
    "Call",
    "Charge",
    "Errand",
    "Held",
    "SpendingAccountant",
    "UnpricedModel",
    "accountant_for",
    "book_hit",
    "change_budget",
    "charge_of",
    "reclaim_reservations",
    "remove_budget",
    "reserve",
    "send_budget_warning",
    "set_budget",
    "settle",
]
