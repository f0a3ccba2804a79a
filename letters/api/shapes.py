"""What letters, versions and the lines of a ledger look like in answers."""

from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from letters.models import Dispatch, Letter, LetterVersion, Review, Sentence
from letters.selectors import standing_of
from letters.status import VERSION_STATES


class LetterShape(serializers.Serializer[Any]):
    """A letter: one strand of a case, with where it stands."""

    id = serializers.IntegerField()
    complaint = serializers.IntegerField(source="complaint_id")
    type = serializers.ChoiceField(Letter.Type.choices)
    recipient = serializers.CharField()
    state = serializers.ChoiceField(Letter.State.choices)
    newest_version = serializers.IntegerField(source="newest_pk", help_text="id of the version that counts")
    number = serializers.IntegerField(source="newest_number", help_text="its number, from 1")
    released = serializers.BooleanField(source="newest_released", help_text="whether the ledger lets it be approved")
    approved_by = serializers.CharField(source="approved_by_name", allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    locked_by = serializers.CharField(source="locked_by_name", allow_null=True, help_text="who froze it for sending")
    locked_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()


def with_newest(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """`letters` with what LetterShape tells of the newest version of each; in the same query."""
    newest = LetterVersion.objects.filter(letter=OuterRef("pk")).order_by("-number")
    return letters.annotate(
        newest_pk=Subquery(newest.values("pk")[:1]),
        newest_number=Subquery(newest.values("number")[:1]),
        newest_released=Subquery(newest.values("released")[:1]),
        approved_by_name=F("approved_by__name"),
        locked_by_name=F("locked_by__name"),
    )


class NoteShape(serializers.Serializer[Any]):
    """What a version has to tell of itself."""

    what = serializers.ChoiceField(["asked", "kept", "left_out"], help_text="of a person's words or edit")
    section = serializers.CharField()
    text = serializers.CharField(help_text="what was asked for, or what was left out")
    by = serializers.CharField(help_text="whose words or edit it was")
    version = serializers.IntegerField(allow_null=True, help_text="the number of the version that the edit was in")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="why it was left out")


class VersionShape(serializers.Serializer[Any]):
    """A version, without its text."""

    id = serializers.IntegerField()
    letter = serializers.IntegerField(source="letter_id")
    number = serializers.IntegerField()
    pipeline = serializers.CharField()
    tone = serializers.CharField()
    author = serializers.CharField(source="author_name", allow_null=True, help_text="null: drafted by the product")
    base = serializers.IntegerField(source="base_id", allow_null=True, help_text="the version that was changed")
    origin = serializers.ChoiceField(LetterVersion.Origin.choices, help_text="how it came about")
    state = serializers.SerializerMethodField(help_text="where it stands; earlier: replaced before it was sent")
    notes = NoteShape(many=True)
    released = serializers.BooleanField()
    problems = serializers.ListField(child=serializers.CharField(), help_text="why it cannot be approved")
    created_at = serializers.DateTimeField()

    @extend_schema_field(serializers.ChoiceField([*VERSION_STATES]))
    def get_state(self, version: LetterVersion) -> str:
        """By letters.status, from the columns of letters.selectors.with_standing."""
        return standing_of(version)


class ReviewShape(serializers.Serializer[Any]):
    """What a colleague said of a version."""

    verdict = serializers.ChoiceField(Review.Verdict.choices)
    by = serializers.CharField(source="name")
    comment = serializers.CharField()
    at = serializers.DateTimeField()


class DispatchShape(serializers.Serializer[Any]):
    """How a version left the practice."""

    version = serializers.IntegerField(source="version_id")
    sent_on = serializers.DateField()
    method = serializers.ChoiceField(Dispatch.Method.choices)
    reference = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    superseded_by = serializers.IntegerField(source="superseded_by_id", allow_null=True)


class SectionShape(serializers.Serializer[Any]):
    """A heading and the positions of the sentences under it, its own included."""

    index = serializers.IntegerField()
    title = serializers.CharField()
    first = serializers.IntegerField()
    last = serializers.IntegerField()


class WholeVersionShape(VersionShape):
    """A version with its text, its sections, and what became of it."""

    text = serializers.CharField()
    sections = SectionShape(many=True)
    reviews = ReviewShape(many=True)
    dispatch = DispatchShape(source="dispatched", allow_null=True)


class SourceShape(serializers.Serializer[Any]):
    """What carries a sentence: words of a paper, or a section of guidance in a version."""

    document = serializers.IntegerField(source="document_id", allow_null=True)
    name = serializers.CharField(source="document.name", default=None, allow_null=True)
    page = serializers.IntegerField(allow_null=True)
    quote = serializers.CharField()
    section = serializers.CharField()
    section_version = serializers.CharField()


class SentenceShape(serializers.Serializer[Any]):
    """A line of the ledger."""

    position = serializers.IntegerField()
    text = serializers.CharField()
    kind = serializers.ChoiceField(Sentence.Kind.choices)
    status = serializers.ChoiceField(Sentence.Status.choices)
    reasons = serializers.ListField(child=serializers.CharField())
    sources = serializers.SerializerMethodField()

    @extend_schema_field(SourceShape(many=True))
    def get_sources(self, sentence: Sentence) -> Any:
        """The sources as they were read with the sentence."""
        return SourceShape(sentence.sources.all(), many=True).data


class ChangeShape(serializers.Serializer[Any]):
    """A sentence of the newer version beside that of the older one."""

    kind = serializers.ChoiceField(["same", "changed", "added", "removed"])
    old = serializers.CharField(allow_null=True)
    new = serializers.CharField(allow_null=True)


def ledger_of(version: LetterVersion) -> QuerySet[Sentence]:
    """The sentences of `version` with their sources. Three queries."""
    return version.sentences.prefetch_related("sources__document").order_by("position")
