"""Chunks of sections, which search looks through, and the durable cache of embeddings."""

from typing import Final

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from pgvector.django import HalfVectorField, HnswIndex

from knowledge.models.guidance import KINDS, SEARCH_CONFIG, SectionVersion
from users.models import Practice

DIMENSIONS: Final = 384  # of the embedded model; endpoints are asked for as many
ROLES: Final = (("text", "Words of the page"), ("summary", "The digest's account"), ("question", "A question"))


class Chunk(models.Model):
    """A piece of a version that search can find: words of the page, the digest's account, or a question it answers.

    `start` and `end` are places in the version's body (role "text"). Whose it is, its kind and its days are copied from
    the version, so that one table serves all filters of search; `standing` is false for a version that was superseded.
    Chunks are made anew from versions, and may be deleted.
    """

    version = models.ForeignKey(SectionVersion, on_delete=models.CASCADE, related_name="chunks")
    practice = models.ForeignKey(Practice, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    shared = models.BooleanField(default=False)
    source_id = models.BigIntegerField()
    identifier = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=KINDS)
    role = models.CharField(max_length=10, choices=ROLES, default="text")
    position = models.PositiveIntegerField()
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    heading = models.CharField(max_length=400)
    text = models.TextField()
    terms = models.TextField(blank=True, help_text="abbreviations written out, figures as words: found, not shown")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    standing = models.BooleanField(default=True)
    archived = models.BooleanField(default=False)
    embedding = HalfVectorField(dimensions=DIMENSIONS, null=True, blank=True)
    embedded_with = models.CharField(max_length=120, blank=True, help_text="model and version; empty: not yet")
    search = models.GeneratedField(
        expression=(
            SearchVector("heading", weight="A", config=SEARCH_CONFIG)
            + SearchVector("terms", weight="B", config=SEARCH_CONFIG)
            + SearchVector("text", weight="C", config=SEARCH_CONFIG)
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ("version_id", "role", "position")
        constraints = (
            models.UniqueConstraint(fields=("version", "role", "position"), name="chunk_once"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="chunk_runs_forward"),
        )
        indexes = (
            GinIndex(fields=("search",), name="chunk_search"),
            HnswIndex(
                fields=("embedding",),
                name="chunk_nearest",
                m=16,
                ef_construction=128,
                opclasses=("halfvec_cosine_ops",),
            ),
            models.Index(fields=("practice", "kind"), name="chunk_of_practice"),
            models.Index(fields=("identifier",), name="chunk_by_identifier"),
            models.Index(fields=("id",), condition=Q(embedded_with=""), name="chunk_to_embed"),
        )

    def __str__(self) -> str:
        return f"{self.identifier} {self.role} {self.position}"


class Embedding(models.Model):
    """The vector of a text under a model, bought once. Texts are known by their SHA-256 alone."""

    model = models.CharField(max_length=120, help_text="name and version of the model")
    text_sha256 = models.CharField(max_length=64, help_text="of the normalised text")
    vector = HalfVectorField(dimensions=DIMENSIONS)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("model", "text_sha256"), name="embedding_once"),)

    def __str__(self) -> str:
        return f"{self.model} {self.text_sha256[:12]}"
