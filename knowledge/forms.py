"""What people type about the knowledge base. Rules are in the services; here is what a field takes."""

from typing import Final

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from knowledge.models.guidance import KINDS
from knowledge.services.staging import LONGEST
from knowledge.staging_status import DECISIONS

LARGEST: Final = 2**63 - 1


class UploadForm(forms.Form):
    """What the files are, and where their sections go; the files themselves the page reads."""

    kind = forms.ChoiceField(
        choices=KINDS,
        initial="practice_note",
        label="Kind",
        help_text="Names and references are taken out of precedents before they are stored.",
        widget=UnfoldAdminSelectWidget(),
    )
    source_name = forms.CharField(
        max_length=200,
        label="Source",
        help_text="The manual or collection that they belong to; it is made where it is not there yet.",
        widget=UnfoldAdminTextInputWidget(),
    )


class DecideForm(forms.Form):
    """A decision, and for merge and replace the version that it is about."""

    decision = forms.ChoiceField(choices=[(word, word) for word in DECISIONS])
    target = forms.IntegerField(required=False, min_value=1, max_value=LARGEST)
    text = forms.CharField(required=False, max_length=LONGEST, strip=False)
