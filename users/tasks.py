"""Jobs of people: each calls one service."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from users.services import deliver_webhook, forget_spent, reclaim_reservations, send_budget_warning, send_password_reset

RETRY = RetryStrategy(max_attempts=3, wait=10)


@app.task(name="users.send_reset", queue="mail", retry=RETRY)
def send_reset(email: str) -> None:
    """Send a link for a new password to whoever signs in with the address, if anybody does."""
    send_password_reset(email=email, now=timezone.now())


@app.periodic(cron="23 * * * *")
@app.task(name="users.forget_spent", queue="upkeep", queueing_lock="forget-spent")
def forget_spent_rows(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Remove what has had its time: sessions, and the answers kept for repeated requests."""
    forget_spent(now=timezone.now())


@app.task(name="users.tell_of_budget", queue="mail", retry=RETRY)
def tell_of_budget(use_id: int, step: int) -> None:
    """Write to those who can do something about a budget that runs out."""
    send_budget_warning(use_id=use_id, step=step)


@app.task(name="users.deliver_webhook", queue="mail")
def deliver(delivery_id: int) -> None:
    """Try to send a message to a practice's own program; one that fails comes again by itself."""
    deliver_webhook(delivery_id=delivery_id, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="users.reclaim_reservations", queue="upkeep", queueing_lock="reclaim-reservations")
def reclaim_leaked(timestamp: int) -> None:  # noqa: ARG001 - procrastinate's signature
    """Free what calls hold of budgets that were never heard of again."""
    reclaim_reservations(now=timezone.now())
