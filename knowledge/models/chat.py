"""Conversations about the guidance: messages, what their answers cite, what people say of them, and kept answers."""

from typing import Final

from django.db import models
from django.db.models import Q
from pgvector.django import HalfVectorField

from knowledge.models.chunks import DIMENSIONS
from knowledge.models.guidance import SectionVersion, Source
from users.models import ApiKey, Practice, User

SPEAKERS: Final = (("user", "Question"), ("assistant", "Answer"))
MESSAGE_STATES: Final = (("answering", "Being answered"), ("done", "Answered"), ("failed", "Failed"))


class Assistant(models.Model):
    """A chat bound to an API key, which answers from the platform's guidance and from one source of the practice's."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="assistants")
    api_key = models.OneToOneField(ApiKey, on_delete=models.CASCADE, related_name="assistant")
    source = models.ForeignKey(Source, null=True, blank=True, on_delete=models.PROTECT, related_name="assistants")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (models.Index(fields=("practice", "-created_at", "-id"), name="assistant_list"),)

    def __str__(self) -> str:
        return self.name


class Conversation(models.Model):
    """Questions and answers in their order. `pinned` are facts that every prompt holds; `summary` the turns before."""

    practice = models.ForeignKey(Practice, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conversations")
    assistant = models.ForeignKey(Assistant, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    title = models.CharField(max_length=120, blank=True)
    pinned = models.JSONField(default=list, blank=True)
    summary = models.TextField(blank=True)
    summarised_to = models.BigIntegerField(default=0, help_text="the last message that the summary covers")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-updated_at", "-id")
        indexes = (
            models.Index(fields=("practice", "-updated_at", "-id"), name="conversation_list"),
            models.Index(fields=("created_by", "-updated_at", "-id"), name="conversation_of_user"),
        )

    def __str__(self) -> str:
        return self.title or f"Conversation {self.pk}"


class Message(models.Model):
    """A question, or the answer to it. `declined`: nothing that is held supports an answer."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    practice = models.ForeignKey(Practice, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    speaker = models.CharField(max_length=10, choices=SPEAKERS)
    text = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=MESSAGE_STATES, default="done")
    declined = models.BooleanField(default=False)
    written_by = models.CharField(max_length=120, blank=True, help_text="model, or extractive, or cache")
    on = models.DateField(null=True, blank=True, help_text="the day of the event that was asked about")
    removed = models.JSONField(default=list, blank=True, help_text="sentences that were not borne out, with the reason")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("practice", "conversation", "created_at"), name="message_list"),)

    def __str__(self) -> str:
        return f"{self.speaker} {self.pk}"


class Citation(models.Model):
    """The words of a version on which a sentence of an answer rests: `start` and `end` in its body or summary."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="citations")
    section_version = models.ForeignKey(SectionVersion, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(help_text="the number in the text, from 1")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()

    class Meta:
        ordering = ("message_id", "number")
        constraints = (models.UniqueConstraint(fields=("message", "number"), name="citation_once"),)

    def __str__(self) -> str:
        return f"[{self.number}] {self.section_version}"


class Feedback(models.Model):
    """Whether an answer helped, by one person once."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="feedback")
    practice = models.ForeignKey(Practice, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    helpful = models.BooleanField()
    comment = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (models.UniqueConstraint(fields=("message", "by"), name="feedback_once"),)
        indexes = (
            models.Index(
                fields=("practice", "-created_at", "-id"), condition=Q(helpful=False), name="feedback_not_helpful"
            ),
            models.Index(fields=("practice", "-created_at", "-id"), name="feedback_list"),
        )

    def __str__(self) -> str:
        return "helpful" if self.helpful else "not helpful"


class KeptAnswer(models.Model):
    """An answer to a question about public guidance, with the versions it rests on; dropped when one of them changes.

    `key` is the SHA-256 of question, prompt, model, practice and the versions of the knowledge: an exact hit. `slots`
    is what has to agree before it may be served for another wording of the question.
    """

    practice = models.ForeignKey(Practice, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    question = models.TextField()
    on = models.DateField(null=True, blank=True)
    slots = models.JSONField(default=dict, blank=True)
    embedding = HalfVectorField(dimensions=DIMENSIONS, null=True, blank=True)
    answer = models.JSONField()
    model = models.CharField(max_length=120)
    versions = models.ManyToManyField(SectionVersion, related_name="+")
    created_at = models.DateTimeField()
    hits = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("practice", "key"), nulls_distinct=False, name="kept_answer_once"),
        )
        indexes = (models.Index(fields=("practice", "model", "-created_at"), name="kept_answer_list"),)

    def __str__(self) -> str:
        return self.question[:80]
