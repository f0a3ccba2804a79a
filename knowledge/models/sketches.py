"""What a version's wording is known by when an upload looks for its like."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from knowledge.models.guidance import SectionVersion


class SectionSketch(models.Model):
    """The sketch of a version's text (knowledge.comparison.sketch_of): made when first asked for, never changed."""

    version = models.OneToOneField(SectionVersion, primary_key=True, on_delete=models.CASCADE, related_name="sketch")
    text_sha256 = models.CharField(max_length=64, help_text="of the text, normalised")
    hashes = ArrayField(models.BigIntegerField())

    class Meta:
        ordering = ("version_id",)
        indexes = (
            GinIndex(fields=("hashes",), name="section_sketch_hashes"),
            models.Index(fields=("text_sha256",), name="section_sketch_same"),
        )

    def __str__(self) -> str:
        return f"sketch of {self.version_id}"
