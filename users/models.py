"""Practices, the people in them, what they charge, and the trail of what was done."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone


class Nation(models.TextChoices):
    ENGLAND_AND_WALES = "england-and-wales", "England and Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern-ireland", "Northern Ireland"


class Practice(models.Model):
    """A practice of accountants or tax advisers: who writes the letters, and how they are headed and signed."""

    name = models.CharField(max_length=200)
    address = models.TextField(help_text="As it stands on a letter; lines or commas part its elements.")
    nation = models.CharField(max_length=20, choices=Nation.choices, default=Nation.ENGLAND_AND_WALES)
    letterhead = models.TextField(blank=True, help_text="Lines below the name: telephone, e-mail, registrations.")
    signatory_name = models.CharField(max_length=120, blank=True)
    signatory_capacity = models.CharField(max_length=120, blank=True, help_text="For instance: Partner.")
    agent_reference = models.CharField(max_length=40, blank=True, help_text="HMRC's agent code of the practice.")
    vat_registered = models.BooleanField(null=True, blank=True, help_text="Unknown until somebody has said.")
    vat_number = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(condition=~Q(name=""), name="practice_has_a_name"),
            models.CheckConstraint(condition=Q(nation__in=Nation.values), name="practice_nation_known"),
            models.UniqueConstraint(fields=("name", "address", "agent_reference"), name="practice_stands_once"),
            models.CheckConstraint(
                condition=Q(vat_registered=True) & ~Q(vat_number="")
                | (Q(vat_registered=False) | Q(vat_registered=None)) & Q(vat_number=""),
                name="practice_vat_number_iff_registered",
                violation_error_message="A VAT number goes with a registered practice, and only with one.",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Rate(models.Model):
    """What an hour of a grade costs from a day on, until the grade's next rate begins.

    The end is not stored: two rates of a grade cannot overlap, because they cannot begin on the same day.
    """

    practice = models.ForeignKey(Practice, on_delete=models.CASCADE, related_name="rates")
    grade = models.CharField(max_length=60, help_text="For instance: partner, senior, junior.")
    hourly = models.DecimalField(max_digits=8, decimal_places=2, help_text="Pounds an hour, net of VAT.")
    valid_from = models.DateField()

    class Meta:
        ordering = ("practice", "grade", "-valid_from")
        constraints = (
            models.UniqueConstraint(fields=("practice", "grade", "valid_from"), name="rate_begins_once_a_day"),
            models.CheckConstraint(condition=Q(hourly__gt=0), name="rate_above_nought"),
            models.CheckConstraint(condition=~Q(grade=""), name="rate_has_a_grade"),
        )

    def __str__(self) -> str:
        return f"{self.grade} £{self.hourly} from {self.valid_from:%-d %B %Y}"


class UserManager(BaseUserManager["User"]):
    """Makes users; the e-mail address is kept in lower case, since people sign in with it."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        """A user who may sign in; without a password only once one is set."""
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
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="May enter the admin.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("email",)
        constraints = (
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_in_lower_case"),
            models.CheckConstraint(
                condition=Q(is_superuser=False) | Q(practice=None),
                name="user_superuser_of_no_practice",
                violation_error_message="Staff of the platform belong to no practice.",
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email


class AuditEvent(models.Model):
    """Who did what to which row. The database refuses to change or remove one, whoever asks."""

    append_only = True

    practice = models.ForeignKey(Practice, null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_label = models.CharField(max_length=254, help_text="Who it was then, in words; 'system' for nobody.")
    action = models.CharField(max_length=80, help_text="noun.verb, for instance complaint.opened")
    target_type = models.CharField(max_length=100, help_text="app.model of the row")
    target_pk = models.CharField(max_length=64)
    target_label = models.CharField(max_length=200)
    old = models.JSONField(null=True)
    new = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("target_type", "target_pk", "-at"), name="audit_of_a_row"),
            models.Index(fields=("practice", "-at"), name="audit_of_a_practice"),
        )
        constraints = (models.CheckConstraint(condition=~Q(action=""), name="audit_has_an_action"),)

    def __str__(self) -> str:
        return f"{self.actor_label}: {self.action} {self.target_label}"
