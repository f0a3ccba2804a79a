"""manage.py create_practice: a practice, its rates, and the invitation of its first admin."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from lightpoint.errors import DomainError
from users.models import Nation
from users.roles import Role
from users.services import create_practice, invite_user


def rate(text: str) -> tuple[str, Decimal]:
    """GRADE=POUNDS, for instance partner=185.00."""
    grade, _, pounds = text.partition("=")
    try:
        hourly = Decimal(pounds)
    except InvalidOperation:
        hourly = Decimal(0)
    if not grade or not hourly.is_finite() or hourly <= 0:
        raise ArgumentTypeError(f"{text!r} is not GRADE=POUNDS, for instance partner=185.00")
    return grade, hourly


class Command(BaseCommand):
    help = (
        "Make a practice and invite its first admin by e-mail. "
        "Exit codes: 0 done, 1 refused (one line on stderr says why), 2 wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What a practice cannot do without, and its rates."""
        parser.add_argument("name")
        parser.add_argument("admin", metavar="ADMIN_EMAIL", help="who is invited to run the practice")
        parser.add_argument("--address", required=True, help="as it stands on a letter; commas part its lines")
        parser.add_argument("--nation", choices=Nation.values, default=Nation.ENGLAND_AND_WALES.value)
        parser.add_argument("--agent-reference", default="", help="HMRC's agent code")
        parser.add_argument(
            "--rate", type=rate, action="append", default=[], metavar="GRADE=POUNDS", help="an hour; may be repeated"
        )

    def handle(self, *args: object, **options: Any) -> None:
        """Make both, or neither."""
        now = timezone.now()
        try:
            with transaction.atomic():
                practice = create_practice(
                    name=options["name"],
                    address=options["address"],
                    nation=options["nation"],
                    agent_reference=options["agent_reference"],
                    rates=options["rate"],
                    now=now,
                )
                invited = invite_user(practice=practice, email=options["admin"], role=Role.ADMIN, now=now)
        except (DomainError, ValidationError) as error:
            self.stderr.write(" ".join(error.messages) if isinstance(error, ValidationError) else str(error))
            sys.exit(1)
        self.stdout.write(f"Practice {practice.pk}: {practice}; invited {invited.invitation.email} as admin")
