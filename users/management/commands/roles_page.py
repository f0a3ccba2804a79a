"""manage.py roles_page: docs/ROLES.md, from the matrix."""

from django.conf import settings
from django.core.management.base import BaseCommand

from users.roles import ACTIONS, MATRIX, Role, scope_of

PAGE = settings.BASE_DIR / "docs" / "ROLES.md"
HEAD = """# Who may do what

Made by `manage.py roles_page` from `users/roles.py`; a test holds the two together.

A role is held in one practice. Staff of the platform (superusers) may do everything in all of them and have no role.
What is ticked is what a role may do to rows that it sees: an analyst sees the complaints assigned to or opened by them,
and what hangs on these; admins, managers and viewers see all of their practice; nobody sees another practice. A row
that is not seen is answered 404, a row that is seen but may not be touched 403. An API key does what its owner may, as
far as it has the scope.

"""


def written() -> str:
    """The page, as Markdown."""
    rows = [f"| action | {' | '.join(Role)} | scope of a key |", f"|---|{':-:|' * len(Role)}---|"]
    for action in ACTIONS:
        ticks = " | ".join("yes" if role in MATRIX[action] else "" for role in Role)
        rows.append(f"| {action} | {ticks} | {scope_of(action)} |")
    return HEAD + "\n".join(rows) + "\n"


class Command(BaseCommand):
    help = "Write docs/ROLES.md from the matrix of roles."

    def handle(self, *args: object, **options: object) -> None:
        """Write the page."""
        PAGE.write_text(written(), encoding="utf-8")
        self.stdout.write(f"Wrote {PAGE.relative_to(settings.BASE_DIR)}")
