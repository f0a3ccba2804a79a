"""Practices and what they charge."""

from django.db import models
from django.db.models import Q
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
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Goes up with every change.")

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
