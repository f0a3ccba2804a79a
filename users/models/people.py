"""The people who sign in, each of one practice but for the platform's staff."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from users.models.practices import Practice
from users.roles import Role

ROLES = tuple(role.value for role in Role)
ROLE_CHOICES = [(role.value, role.value.capitalize()) for role in Role]


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is kept in lower case, since people sign in with it."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user who may sign in; without a password only once one is set. A viewer unless `role` says otherwise."""
        if not fields.get("is_superuser"):
            fields.setdefault("role", Role.VIEWER)
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user of the platform's staff, who belongs to no practice."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, email: str | None) -> "User":
        """The user with this address, however it is written."""
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person of one practice; staff of the platform belong to none. People leave by `is_active`, not by deletion."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    practice = models.ForeignKey(Practice, null=True, blank=True, on_delete=models.PROTECT, related_name="users")
    role = models.CharField(
        max_length=10, null=True, blank=True, choices=ROLE_CHOICES, help_text="In the practice; staff have none."
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May enter the admin.")
    mail_when_drafted = models.BooleanField(default=False, help_text="Is told by e-mail when letters are drafted.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sign_in_epoch = models.PositiveIntegerField(default=1, editable=False, help_text="A change ends every session.")
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Goes up with every change.")

    auth_scopes: frozenset[str] | None = None  # what the API key of this request may do; None: no key, no bounds

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("email",)
        indexes = (models.Index(fields=("practice", "email", "id"), name="user_of_a_practice"),)
        constraints = (
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_in_lower_case"),
            models.CheckConstraint(
                condition=Q(is_superuser=False) | Q(practice=None),
                name="user_superuser_of_no_practice",
                violation_error_message="Staff of the platform belong to no practice.",
            ),
            models.CheckConstraint(
                condition=Q(is_superuser=True, role=None) | Q(is_superuser=False, role__in=ROLES),
                name="user_role_unless_superuser",
                violation_error_message="Everybody has a role but staff of the platform, who have none.",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What Django compares in each request to see that a session still holds: password and epoch."""
        parts = f"{self.password}:{self.sign_in_epoch}"
        return salted_hmac("users.sessions", parts, secret=secret, algorithm="sha256").hexdigest()
