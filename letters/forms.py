"""What people type about a letter. Rules are in the services."""

from datetime import date
from typing import Any, Final, cast

from django import forms
from django.conf import settings
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from letters.editing import LONGEST
from letters.models import Dispatch
from letters.models.prompting import LEAST_TOKENS, MOST_TOKENS
from letters.prompting import tiers_of_models
from letters.services import TONES, offered_pipelines
from lightpoint.llm import is_configured

COMMENT: Final = 2_000
TONE_WORDS: Final = {"measured": "Measured", "firm": "Firm", "robust": "Robust"}

PIPELINE_WORDS: Final = {
    "embedded": "The embedded drafter alone",
    "template": "A model, on the stored template",
    "two_stage": "A model, in two stages",
    "three_stage": "A model, in three stages",
    "parallel": "A model, all sections at once",
}


class DraftForm(forms.Form):
    """How the letters are to sound; the facts are the same in every tone."""

    tone = forms.ChoiceField(
        choices=[(tone, TONE_WORDS.get(tone, tone)) for tone in TONES],
        initial="firm",
        label="Tone",
        help_text="Changes verbs and order, never a fact.",
        widget=UnfoldAdminSelectWidget(),
    )

    pipeline = forms.ChoiceField(
        required=False,
        label="Written by",
        help_text="Whoever writes, the ledger checks every sentence.",
        widget=UnfoldAdminSelectWidget(),
    )

    keep_edits = forms.BooleanField(
        required=False,
        initial=True,
        label="Keep what people changed",
        help_text="As far as the ledger still bears it out; what it does not is listed with the new version.",
        widget=forms.CheckboxInput(attrs={"class": "lp-check"}),
    )

    def __init__(self, *args: Any, again: bool = True, **options: Any) -> None:
        super().__init__(*args, **options)
        if not again:
            del self.fields["keep_edits"]
        if not is_configured():
            del self.fields["pipeline"]
            return
        offered = [(name, PIPELINE_WORDS.get(name, name)) for name in offered_pipelines()]
        cast(forms.ChoiceField, self.fields["pipeline"]).choices = [("", "As set up"), *offered]


class PromptForm(forms.Form):
    """Words of a practice's own for a stage."""

    text = forms.CharField(
        max_length=20_000,
        label="What models are told",
        help_text="The shape of the answer and the fence around data stand behind it, whatever you write.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 16}),
    )
    note = forms.CharField(
        required=False, max_length=300, label="Why", widget=UnfoldAdminTextInputWidget(attrs={"maxlength": 300})
    )


class StageSettingsForm(forms.Form):
    """How models are asked at a stage; what is left empty is as the site has it."""

    tier = forms.ChoiceField(
        choices=[("", "As the site has it"), ("fast", "Fast"), ("balanced", "Balanced"), ("best", "Best")],
        required=False,
        label="Tier",
        help_text="The tone of a second-tier complaint or a submission to the Adjudicator stays with best.",
        widget=UnfoldAdminSelectWidget(),
    )
    model = forms.ChoiceField(required=False, label="Model", widget=UnfoldAdminSelectWidget())
    temperature = forms.DecimalField(
        min_value=0,
        max_value=1,
        decimal_places=2,
        label="Temperature",
        initial=0,
        help_text="0: the same question has the same answer.",
        widget=UnfoldAdminTextInputWidget(),
    )
    most_tokens = forms.IntegerField(
        required=False,
        min_value=LEAST_TOKENS,
        max_value=MOST_TOKENS,
        label="Limit of an answer, in tokens",
        widget=UnfoldAdminTextInputWidget(),
    )
    default_tone = forms.ChoiceField(
        choices=[("", "Firm"), *((tone, TONE_WORDS.get(tone, tone)) for tone in TONES)],
        required=False,
        label="Tone of letters",
        help_text="For letters for which nobody names one.",
        widget=UnfoldAdminSelectWidget(),
    )

    def __init__(self, *args: Any, stage: str, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = [(name, f"{name} ({' or '.join(tiers)})") for name, tiers in tiers_of_models().items()]
        cast(forms.ChoiceField, self.fields["model"]).choices = [("", "That of the tier"), *offered]
        if stage != "tone":
            del self.fields["default_tone"]


class RatingForm(forms.Form):
    """What somebody thinks of a version."""

    stars = forms.IntegerField(min_value=1, max_value=5, label="Stars")
    comment = forms.CharField(required=False, max_length=1_000, label="Comment")


class SentenceForm(forms.Form):
    """New words for a sentence."""

    text = forms.CharField(
        required=False,
        max_length=LONGEST,
        label="Words",
        help_text="The ledger checks them against the same sources. Leave nothing to take the sentence out.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
    )


class SectionForm(forms.Form):
    """New paragraphs for a section."""

    text = forms.CharField(
        max_length=LONGEST * 20,
        label="Text of the section",
        help_text="A blank line begins a new paragraph. The ledger checks every sentence.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 14}),
    )


class ChangeForm(forms.Form):
    """What is to become of a section, in words."""

    words = forms.CharField(
        max_length=settings.LETTER_REQUEST_CHARACTERS,
        label="What is to be changed",
        help_text="For instance: say this more firmly; shorter; mention that we rang twice.",
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class ToneForm(forms.Form):
    """In which tone a section is to be."""

    tone = forms.ChoiceField(
        choices=[(tone, TONE_WORDS.get(tone, tone)) for tone in TONES], label="Tone", widget=UnfoldAdminSelectWidget()
    )


class CommentForm(forms.Form):
    """What is said with a step."""

    comment = forms.CharField(
        required=False, max_length=COMMENT, label="Comment", widget=UnfoldAdminTextareaWidget(attrs={"rows": 2})
    )


class ReasonForm(CommentForm):
    """Why the letter goes back."""

    comment = forms.CharField(
        max_length=COMMENT, label="What is to be changed", widget=UnfoldAdminTextareaWidget(attrs={"rows": 2})
    )


class SendForm(forms.Form):
    """How the letter left."""

    sent_on = forms.DateField(
        label="Sent on",
        initial=date.today,
        widget=forms.DateInput(attrs={"type": "date", "class": "lp-day"}, format="%Y-%m-%d"),
    )
    method = forms.ChoiceField(choices=Dispatch.Method.choices, label="How", widget=UnfoldAdminSelectWidget())
    reference = forms.CharField(
        required=False,
        max_length=80,
        label="Reference",
        help_text="For instance the number of the posting.",
        widget=UnfoldAdminTextInputWidget(),
    )
