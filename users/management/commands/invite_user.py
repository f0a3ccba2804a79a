"""manage.py invite_user PRACTICE EMAIL ROLE: an invitation by e-mail."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand
from django.urls import reverse
from django.utils import timezone

from lightpoint.errors import DomainError, InvalidInput, NotFound
from users.models import Practice
from users.roles import Role
from users.services import invite_user
from users.services.mail import address_of


def find_practice(written: str) -> Practice:
    """The practice of this number or name. Raises NotFound, and InvalidInput where several have the name."""
    rows = Practice.objects.filter(pk=written) if written.isdecimal() else Practice.objects.filter(name=written)
    found = list(rows[:2])
    if not found:
        raise NotFound(f"There is no practice {written}")
    if len(found) > 1:
        raise InvalidInput(f"Several practices are called {written}; name one by its number")
    return found[0]


class Command(BaseCommand):
    help = (
        "Invite somebody into a practice by e-mail, and print the link. "
        "Exit codes: 0 done, 1 refused (one line on stderr says why), 2 wrong usage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whom, where to, as what."""
        parser.add_argument("practice", help="number or name")
        parser.add_argument("email")
        parser.add_argument("role", choices=[role.value for role in Role])

    def handle(self, *args: object, **options: Any) -> None:
        """Call the service, say what came of it."""
        try:
            practice = find_practice(options["practice"])
            role = Role(options["role"])
            invited = invite_user(practice=practice, email=options["email"], role=role, now=timezone.now())
        except (DomainError, ValidationError) as error:
            self.stderr.write(" ".join(error.messages) if isinstance(error, ValidationError) else str(error))
            sys.exit(1)
        link = address_of(reverse("users:accept-invitation", args=[invited.token]))
        self.stdout.write(f"Invited {invited.invitation.email} into {practice} as {role}: {link}")
