import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Letters that were sent before were locked by whoever answered for them; versions with an author were edited by hand.
STANDS = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE letters_letter SET locked_by_id = approved_by_id, locked_at = approved_at WHERE state = 'sent';
UPDATE letters_letterversion SET origin = 'edited' WHERE author_id IS NOT NULL;
"""

# A version that the ledger blocks is neither approved, locked nor sent, whoever writes the row.
REFUSE = """
CREATE FUNCTION letters_refuse_blocked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fine boolean;
BEGIN
    IF TG_TABLE_NAME = 'letters_letter' THEN
        SELECT released INTO fine FROM letters_letterversion WHERE letter_id = NEW.id ORDER BY number DESC LIMIT 1;
    ELSE
        SELECT released INTO fine FROM letters_letterversion WHERE id = NEW.version_id;
    END IF;
    IF fine IS NOT TRUE THEN
        RAISE EXCEPTION 'a version that the ledger blocks is not approved, locked or sent'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'letter_released_before_it_leaves';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letter_released_before_it_leaves BEFORE UPDATE OF state ON letters_letter
    FOR EACH ROW WHEN (NEW.state IN ('approved', 'locked', 'sent')) EXECUTE FUNCTION letters_refuse_blocked();
CREATE TRIGGER dispatch_of_a_released_version BEFORE INSERT ON letters_dispatch
    FOR EACH ROW EXECUTE FUNCTION letters_refuse_blocked();
"""

ALLOW = """
DROP TRIGGER dispatch_of_a_released_version ON letters_dispatch;
DROP TRIGGER letter_released_before_it_leaves ON letters_letter;
DROP FUNCTION letters_refuse_blocked();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0009_corrections_and_refining"),
        ("letters", "0008_experiments"),
        ("users", "0008_calls_are_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="letter",
            name="letter_state_known",
        ),
        migrations.RemoveConstraint(
            model_name="letter",
            name="letter_approved_by_somebody",
        ),
        migrations.RemoveConstraint(
            model_name="letterversion",
            name="letter_version_edited_by_somebody",
        ),
        migrations.RemoveConstraint(
            model_name="review",
            name="review_verdict_known",
        ),
        migrations.RemoveConstraint(
            model_name="stageresult",
            name="stage_known",
        ),
        migrations.AddField(
            model_name="letter",
            name="locked_at",
            field=models.DateTimeField(blank=True, help_text="When the text was frozen for sending.", null=True),
        ),
        migrations.AddField(
            model_name="letter",
            name="locked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="letterversion",
            name="notes",
            field=models.JSONField(blank=True, db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="letterversion",
            name="origin",
            field=models.CharField(
                choices=[
                    ("drafted", "Drafted"),
                    ("redrafted", "Drafted again"),
                    ("edited", "Edited by hand"),
                    ("refined", "Reworded by a model"),
                    ("retoned", "Tone changed"),
                    ("renewed", "Section written anew"),
                    ("restored", "Section restored"),
                ],
                db_default="drafted",
                default="drafted",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="letter",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("in_review", "In review"),
                    ("approved", "Approved"),
                    ("locked", "Locked"),
                    ("sent", "Sent"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="review",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("asked", "Asked for a review"),
                    ("returned", "Sent back"),
                    ("approved", "Approved"),
                    ("locked", "Locked"),
                    ("reopened", "Reopened"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="stageresult",
            name="stage",
            field=models.CharField(
                choices=[
                    ("facts", "Facts"),
                    ("structure", "Structure"),
                    ("compose", "Structure and tone"),
                    ("tone", "Tone"),
                    ("refine", "Change that was asked for"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunSQL(STANDS, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ("draft", "in_review", "approved", "locked", "sent"))),
                name="letter_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_by", None), ("state__in", ("draft", "in_review"))),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("approved_by__isnull", False),
                        ("state__in", ("approved", "locked", "sent")),
                    ),
                    _connector="OR",
                ),
                name="letter_approved_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("locked_at", None), ("locked_by", None), ("state__in", ("draft", "in_review", "approved"))
                    ),
                    models.Q(
                        ("locked_at__isnull", False), ("locked_by__isnull", False), ("state__in", ("locked", "sent"))
                    ),
                    _connector="OR",
                ),
                name="letter_locked_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="letterversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("author", None), ("base", None), ("origin", "drafted")),
                    models.Q(("base__isnull", False), ("origin", "redrafted")),
                    models.Q(
                        ("author__isnull", False),
                        ("base__isnull", False),
                        ("origin__in", ("edited", "refined", "retoned", "renewed", "restored")),
                    ),
                    _connector="OR",
                ),
                name="letter_version_made_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(("verdict__in", ("asked", "returned", "approved", "locked", "reopened"))),
                name="review_verdict_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="stageresult",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ("facts", "structure", "compose", "tone", "refine"))),
                name="stage_known",
            ),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
