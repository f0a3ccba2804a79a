"""E-mails about signing in: text from a template, sent once the transaction is through."""

from collections.abc import Mapping
from functools import partial

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string


def send_on_commit(*, to: str, template: str, context: Mapping[str, object]) -> None:
    """Send users/mail/`template`.txt to one address on commit; its first line is the subject.

    A mail server that refuses is logged and does not undo what was stored: the sender can ask for it again.
    """
    whole = render_to_string(f"users/mail/{template}.txt", dict(context))
    subject, _, body = whole.partition("\n")
    send = partial(send_mail, subject.strip(), body.lstrip("\n"), settings.DEFAULT_FROM_EMAIL, [to])
    transaction.on_commit(send, robust=True)


def address_of(path: str) -> str:
    """`path` of this site for an e-mail. From the settings, since a request's Host header can be forged."""
    site: str = settings.SITE_URL
    return site.rstrip("/") + path
