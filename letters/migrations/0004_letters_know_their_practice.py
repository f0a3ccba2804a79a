import django.db.models.deletion
from django.db import migrations, models

FILL = """
UPDATE letters_letter AS letter SET practice_id = complaint.practice_id
  FROM complaints_complaint AS complaint
 WHERE complaint.id = letter.complaint_id
"""
HELP = "The complaint's, kept here for the list."


def practice(*, null: bool) -> models.ForeignKey:
    return models.ForeignKey(
        help_text=HELP, null=null, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="users.practice"
    )


class Migration(migrations.Migration):
    """The list of a practice's letters is read from one index, whatever other practices have."""

    dependencies = [("letters", "0003_reviews_are_append_only"), ("complaints", "0004_make_cases_findable")]

    operations = [
        migrations.AddField("letter", "practice", practice(null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("letter", "practice", practice(null=False)),
        migrations.RemoveIndex("letter", "letter_by_change"),
        migrations.RemoveIndex("letter", "letter_by_state"),
        migrations.AddIndex("letter", models.Index(fields=["-updated_at", "-id"], name="letter_platform_list")),
        migrations.AddIndex("letter", models.Index(fields=["practice", "-updated_at", "-id"], name="letter_list")),
        migrations.AddIndex(
            "letter", models.Index(fields=["practice", "state", "-updated_at", "-id"], name="letter_by_state")
        ),
        migrations.AddIndex(
            "receipt", models.Index(fields=["complaint", "-created_at", "-id"], name="receipt_of_a_case")
        ),
    ]
