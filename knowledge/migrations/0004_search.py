"""The legs of search as functions of the database: one statement finds, by exact identifier, words and vectors."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).resolve().parent.parent / "search" / "functions.sql"
DROP = """
DROP FUNCTION IF EXISTS knowledge_search(text[], text[], halfvec, text, bigint, date, text[], boolean, bigint[], integer);
DROP FUNCTION IF EXISTS knowledge_nearest(halfvec, text, bigint, date, text[], boolean, bigint[], integer, text);
DROP FUNCTION IF EXISTS knowledge_visible(text, bigint, date, text[], boolean, bigint[]);
DROP INDEX IF EXISTS chunk_shared;
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0003_chunks_staging_chat")]

    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), DROP)]
