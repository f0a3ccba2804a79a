"""A finer graph of vectors: after many changes a search still comes to every part of it."""

import pgvector.django.indexes
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0006_assistants_have_versions")]

    operations = [
        migrations.RemoveIndex(model_name="chunk", name="chunk_nearest"),
        migrations.AddIndex(
            model_name="chunk",
            index=pgvector.django.indexes.HnswIndex(
                ef_construction=128,
                fields=["embedding"],
                m=16,
                name="chunk_nearest",
                opclasses=("halfvec_cosine_ops",),
            ),
        ),
    ]
