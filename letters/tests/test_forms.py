"""What the form for drafting offers, by whether models are set up and whether there are letters to keep edits of."""

import pytest

from letters.forms import DraftForm
from letters.services import offered_pipelines


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("key", ["", "a key"])
@pytest.mark.django_db
def test_a_draft_is_offered_with_what_there_is(settings, key, again):
    settings.LLM_API_KEY = key
    form = DraftForm(again=again)
    assert ("pipeline" in form.fields) == bool(key)
    assert ("keep_edits" in form.fields) == again
    if key:
        assert [name for name, _ in form.fields["pipeline"].choices] == ["", *offered_pipelines()]
