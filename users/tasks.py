"""Jobs of people: each calls one service."""

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from users.services import send_password_reset

RETRY = RetryStrategy(max_attempts=3, wait=10)


@app.task(name="users.send_reset", queue="mail", retry=RETRY)
def send_reset(email: str) -> None:
    """Send a link for a new password to whoever signs in with the address, if anybody does."""
    send_password_reset(email=email, now=timezone.now())
