"""What people type about a case. Rules are in the services; here is what a field takes."""

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, cast, get_args

from django import forms
from django.db.models import QuerySet
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from complaints.facts.records import ReferenceKind
from complaints.models import Client, Complaint, Document
from complaints.status import allowed_moves
from users.models import Nation, Practice, User

REFERENCE_KINDS: Final[tuple[str, ...]] = get_args(ReferenceKind)
REFERENCES_HELP: Final = "One a line, the kind first: utr 5021489375, nino QQ123456C, vrn, hmrc_ref or complaint_ref."
KINDS_KNOWN: Final = f"Kinds: {', '.join(REFERENCE_KINDS)}."
LONG_TEXT: Final = 20_000


def text_area(rows: int) -> forms.Textarea:
    """A text area of `rows` lines that is as wide as its column."""
    widget: forms.Textarea = UnfoldAdminTextareaWidget(attrs={"rows": rows})
    return widget


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(attrs={"class": "lp-day"}, format="%Y-%m-%d")


class CorrectionForm(forms.Form):
    """Which words of a paper are wrong, why, and what holds instead."""

    quote = forms.CharField(
        max_length=2_000,
        label="The words that are wrong",
        help_text="As they stand in the paper. Nothing rests on them any more.",
        widget=text_area(3),
    )
    reason = forms.CharField(
        max_length=300,
        label="Why",
        help_text="For instance: the officer misread the postmark.",
        widget=UnfoldAdminTextInputWidget(),
    )
    day = forms.DateField(required=False, label="The right day", widget=DayInput())
    amount = forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        label="The right amount, in pounds",
        widget=UnfoldAdminTextInputWidget(),
    )
    shown_in = forms.ModelChoiceField(
        Document.objects.none(), required=False, label="The paper that shows it", widget=UnfoldAdminSelectWidget()
    )
    shown_quote = forms.CharField(
        required=False,
        max_length=2_000,
        label="The words that show it",
        help_text="Copied from that paper; the day or the amount must stand in them.",
        widget=text_area(3),
    )

    def __init__(self, *args: Any, papers: QuerySet[Document], **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ModelChoiceField[Document]", self.fields["shown_in"]).queryset = papers

    def clean(self) -> dict[str, Any]:
        """What holds is told whole, or not at all."""
        values = super().clean() or {}
        right = [name for name in ("day", "amount") if values.get(name) is not None]
        shown = bool(values.get("shown_in")) and bool(values.get("shown_quote"))
        if len(right) > 1:
            self.add_error(
                "amount", "Say either the right day or the right amount; the other is a correction of its own."
            )
        elif right and not shown:
            self.add_error("shown_quote", "Say which paper shows it, and in which words.")
        elif not right and (values.get("shown_in") or values.get("shown_quote")):
            self.add_error("day", "Say the day or the amount that these words show.")
        return values


class ReferencesField(forms.CharField):
    """Pairs of kind and value, one a line."""

    widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=4_000, help_text=REFERENCES_HELP, **options)

    def prepare_value(self, value: Any) -> Any:
        """The stored pairs as lines."""
        return value if isinstance(value, str) or value is None else "\n".join(" ".join(pair) for pair in value)

    def clean(self, value: Any) -> Any:
        """The lines as pairs; empty ones are passed over."""
        lines = [line.replace(":", " ", 1).split(maxsplit=1) for line in super().clean(value).splitlines()]
        return [self._pair(words) for words in lines if words]

    def _pair(self, words: list[str]) -> list[str]:
        kind = words[0].lower()
        if len(words) < 2 or kind not in REFERENCE_KINDS:
            raise forms.ValidationError(f"“{' '.join(words)}” is not a kind and a number. {KINDS_KNOWN}")
        return [kind, words[1].strip()]


class MatterForm(forms.Form):
    """What a case is about: the fields that can be changed later."""

    tax_head = forms.CharField(
        max_length=200, label="Tax", help_text="For instance: Self Assessment.", widget=UnfoldAdminTextInputWidget()
    )
    references = ReferencesField(label="References")
    brief = forms.CharField(
        required=False,
        max_length=LONG_TEXT,
        label="Brief",
        help_text="What happened, in your words. It guides; it is not evidence.",
        widget=text_area(5),
    )
    desired_outcome = forms.CharField(
        required=False, max_length=LONG_TEXT, label="What the client wants", widget=text_area(3)
    )


class OpenForm(MatterForm):
    """A new case. Staff of the platform say for which practice."""

    practice = forms.ModelChoiceField(queryset=Practice.objects.none(), widget=UnfoldAdminSelectWidget())
    client_name = forms.CharField(max_length=200, label="Client", widget=UnfoldAdminTextInputWidget())
    client_kind = forms.ChoiceField(choices=Client.Kind.choices, label="Kind", widget=UnfoldAdminSelectWidget())
    nation = forms.ChoiceField(
        choices=Nation.choices,
        label="Nation",
        help_text="Its bank holidays count for working days.",
        widget=UnfoldAdminSelectWidget(),
    )
    opened_on = forms.DateField(label="Opened on", widget=DayInput(), initial=date.today)
    field_order = ("practice", "client_name", "client_kind", "nation", "tax_head", "opened_on")

    def __init__(self, *args: Any, practices: QuerySet[Practice], **options: Any) -> None:
        super().__init__(*args, **options)
        if len(practices) == 1:
            del self.fields["practice"]
        else:
            self.fields["practice"].queryset = practices  # type: ignore[attr-defined]


class ClientForm(forms.ModelForm):  # type: ignore[type-arg]  # when it runs, it is no generic class
    """The name of a client, with the version of the row that it was read from."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput())

    class Meta:
        model = Client
        fields = ("name",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "seen_version" in self.fields:
            self.fields["seen_version"].initial = self.instance.version


class AssignForm(forms.Form):
    """Who works on a case."""

    to = forms.ModelChoiceField(
        queryset=User.objects.none(),
        required=False,
        label="Assigned to",
        empty_label="Nobody",
        widget=UnfoldAdminSelectWidget(),
    )

    def __init__(self, *args: Any, colleagues: QuerySet[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Where a case goes next."""

    to = forms.ChoiceField(label="Move to", widget=UnfoldAdminSelectWidget())

    def __init__(self, *args: Any, status: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = _labelled(allowed_moves(status))  # type: ignore[attr-defined]


def _labelled(states: Iterable[str]) -> list[tuple[str, str]]:
    return [(state, Complaint.Status(state).label) for state in states]


class NoteForm(forms.Form):
    """A line of the timeline."""

    text = forms.CharField(max_length=500, label="Add a line to the timeline", widget=UnfoldAdminTextInputWidget())


class ContextForm(forms.Form):
    """What the adviser knows besides the papers."""

    context = forms.CharField(
        max_length=LONG_TEXT,
        label="Add what the papers do not say",
        help_text="Kept as a note of today, with your name; the case is analysed again with it.",
        widget=text_area(4),
    )
