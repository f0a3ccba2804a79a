"""What language models may cost and what they did: budgets, their use, what is held of them, and the ledger of calls.

Money is in the currency of the prices, to 8 places, since a call may cost a thousandth of a cent.
"""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from users.models.practices import Practice

LEVELS = ("user", "practice", "platform")
PERIODS = ("day", "month")
TIERS = ("fast", "balanced", "best")
STATES = ("open", "settled", "reclaimed")
PRICINGS = ("counted", "estimated", "worst", "none", "unpriced")
CURRENCY = "USD"  # of the prices that lightpoint.llm knows, and so of budgets
DIGITS, PLACES = 18, 8
CAP_DIGITS, CAP_PLACES = 12, 2


def choices(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Each word with its label."""
    return [(word, word.capitalize()) for word in words]


def of_level(model: str) -> tuple[models.CheckConstraint, ...]:
    """That `level` is known, and that `owner` is whose it is: the user, the practice, or 0 for the platform."""
    return (
        models.CheckConstraint(condition=Q(level__in=LEVELS), name=f"{model}_level_known"),
        models.CheckConstraint(condition=Q(period__in=PERIODS), name=f"{model}_period_known"),
        models.CheckConstraint(
            condition=Q(level="user")
            | Q(level="practice", owner=F("practice"))
            | Q(level="platform", owner=0, practice=None),
            name=f"{model}_owner_fits_level",
        ),
    )


class Budget(models.Model):
    """The most that the models may cost a user, a practice or the platform in a day or a month, of London's clock."""

    level = models.CharField(max_length=8, choices=choices(LEVELS))
    owner = models.BigIntegerField(editable=False, help_text="The user or practice by number; 0: the platform.")
    practice = models.ForeignKey(Practice, null=True, blank=True, on_delete=models.CASCADE, related_name="budgets")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="budgets"
    )
    period = models.CharField(max_length=5, choices=choices(PERIODS))
    amount = models.DecimalField(
        max_digits=CAP_DIGITS, decimal_places=CAP_PLACES, help_text="0: no call may cost anything."
    )
    currency = models.CharField(max_length=3, default=CURRENCY, editable=False)
    created_at = models.DateTimeField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False, help_text="Goes up with every change.")

    class Meta:
        ordering = ("level", "owner", "period")
        indexes = (
            models.Index(fields=("practice", "level", "owner", "period", "id"), name="budget_of_a_practice"),
            models.Index(fields=("level", "owner", "period", "id"), name="budget_list"),
        )
        constraints = (
            models.UniqueConstraint(fields=("level", "owner", "period"), name="budget_once_a_period"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="budget_not_below_nought"),
            models.CheckConstraint(condition=Q(currency=CURRENCY), name="budget_in_the_currency_of_prices"),
            models.CheckConstraint(
                condition=Q(level="user", user__isnull=False, owner=F("user")) | (~Q(level="user") & Q(user=None)),
                name="budget_user_fits_level",
            ),
            *of_level("budget"),
        )

    def __str__(self) -> str:
        whose = str(self.user or self.practice or "Lightpoint")
        return f"{self.amount} {self.currency} a {self.period} for {whose}"


class BudgetUse(models.Model):
    """What of a period is spent, and what is held for calls under way. Kept also where there is no budget yet.

    No constraint holds it to the budget: a budget may be lowered below what is spent. Reserving is what compares.
    """

    level = models.CharField(max_length=8, choices=choices(LEVELS))
    owner = models.BigIntegerField()
    practice = models.ForeignKey(Practice, null=True, on_delete=models.CASCADE, related_name="+")
    period = models.CharField(max_length=5, choices=choices(PERIODS))
    starts_on = models.DateField()
    spent = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, default=Decimal(0))
    reserved = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, default=Decimal(0))
    warned = models.PositiveSmallIntegerField(default=0, help_text="The highest percentage that was told of.")

    class Meta:
        ordering = ("-starts_on", "pk")
        constraints = (
            models.UniqueConstraint(fields=("level", "owner", "period", "starts_on"), name="budget_use_once_a_period"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="budget_use_holds_no_less_than_nought"),
            *of_level("budget_use"),
        )

    def __str__(self) -> str:
        return f"{self.level} {self.owner}, {self.period} of {self.starts_on}: {self.spent} and {self.reserved} held"


class CallShape(models.Model):
    """What is known of a call before it is made."""

    practice = models.ForeignKey(Practice, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    # Numbers and not foreign keys: what was paid stays on the books when a complaint is removed.
    complaint_id = models.BigIntegerField(null=True, help_text="The complaint that it was made for.")
    letter_id = models.BigIntegerField(null=True, help_text="The letter that it was made for.")
    stage = models.CharField(max_length=40, blank=True, help_text="Of the pipeline.")
    purpose = models.CharField(max_length=40, help_text="In a word, for instance chat.")
    model = models.CharField(max_length=120)

    class Meta:
        abstract = True


class Reservation(CallShape):
    """What is held of budgets while a call is made: its worst case, until it is settled or its lease has passed."""

    token = models.UUIDField(unique=True, help_text="Names the call to the provider and in the ledger.")
    state = models.CharField(max_length=9, default="open", choices=choices(STATES))
    worst = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, help_text="0 where there is no price.")
    priced = models.BooleanField(help_text="Whether there is a price for the model.")
    charged = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, default=Decimal(0))
    uses = ArrayField(models.BigIntegerField(), help_text="The rows of use that it is held of.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("expires_at", "id"), condition=Q(state="open"), name="reservation_open"),)
        constraints = (
            models.CheckConstraint(condition=Q(state__in=STATES), name="reservation_state_known"),
            models.CheckConstraint(condition=Q(worst__gte=0), name="reservation_not_below_nought"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="reservation_ends_after_start"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="reservation_closed_iff_not_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.worst} for {self.purpose}, {self.state}"


class LLMCall(CallShape):
    """A call of a language model, with what it cost. The database refuses to change or remove one, whoever asks."""

    append_only = True

    token = models.UUIDField(help_text="Of its reservation.")
    tier = models.CharField(max_length=10, blank=True, choices=choices(TIERS))
    reason = models.CharField(max_length=200, blank=True, help_text="Why this model.")
    prompt_sha256 = models.CharField(max_length=64, blank=True, help_text="The version of the prompt.")
    sent = models.PositiveIntegerField(null=True, help_text="Tokens; null where the provider did not say.")
    cached = models.PositiveIntegerField(null=True, help_text="Of the tokens sent, those read from the cache.")
    cache_written = models.PositiveIntegerField(null=True, help_text="Of the tokens sent, those put into the cache.")
    written = models.PositiveIntegerField(null=True, help_text="Tokens of the answer.")
    reasoning = models.PositiveIntegerField(null=True, help_text="Of the tokens written, those of reasoning.")
    cost = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True, help_text="Null: unpriced.")
    pricing = models.CharField(max_length=9, choices=choices(PRICINGS), help_text="How the cost was found.")
    saved = models.DecimalField(
        max_digits=DIGITS, decimal_places=PLACES, default=Decimal(0), help_text="What a cache spared."
    )
    currency = models.CharField(max_length=3, default=CURRENCY)
    first_token_seconds = models.FloatField(null=True)
    seconds = models.FloatField(null=True)
    outcome = models.CharField(max_length=20, help_text="ok, cached, lost, reversed, or why there is no answer.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-pk")
        verbose_name = "model call"
        indexes = (
            models.Index(fields=("-created_at", "-id"), name="llm_call_list"),
            models.Index(fields=("practice", "-created_at", "-id"), name="llm_call_of_a_practice"),
            models.Index(fields=("letter_id", "id"), condition=Q(letter_id__isnull=False), name="llm_call_of_a_letter"),
            models.Index(
                fields=("complaint_id", "id"), condition=Q(complaint_id__isnull=False), name="llm_call_of_a_complaint"
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("token",), condition=~Q(outcome__in=("lost", "reversed")), name="llm_call_booked_once"
            ),
            models.CheckConstraint(condition=Q(pricing__in=PRICINGS), name="llm_call_pricing_known"),
            models.CheckConstraint(
                condition=Q(pricing="unpriced", cost=None) | (~Q(pricing="unpriced") & Q(cost__isnull=False)),
                name="llm_call_cost_unless_unpriced",
            ),
            models.CheckConstraint(
                condition=Q(cost=None) | Q(cost__gte=0) | Q(outcome="reversed"), name="llm_call_cost"
            ),
            models.CheckConstraint(condition=Q(saved__gte=0), name="llm_call_saved_no_less_than_nought"),
            models.CheckConstraint(
                condition=Q(prompt_sha256="") | Q(prompt_sha256__regex=r"^[0-9a-f]{64}$"), name="llm_call_prompt_hash"
            ),
            models.CheckConstraint(condition=Q(tier__in=("", *TIERS)), name="llm_call_tier_known"),
            models.CheckConstraint(condition=~Q(outcome=""), name="llm_call_has_an_outcome"),
        )

    def __str__(self) -> str:
        return f"{self.purpose}: {self.model}, {self.outcome}"
