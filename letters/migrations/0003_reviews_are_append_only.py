from django.db import migrations

REFUSE = """
CREATE TRIGGER review_keeps_its_rows BEFORE UPDATE OR DELETE ON letters_review
    FOR EACH ROW EXECUTE FUNCTION users_refuse_change();
CREATE TRIGGER review_is_not_emptied BEFORE TRUNCATE ON letters_review
    FOR EACH STATEMENT EXECUTE FUNCTION users_refuse_change();
"""

ALLOW = """
DROP TRIGGER review_is_not_emptied ON letters_review;
DROP TRIGGER review_keeps_its_rows ON letters_review;
"""


class Migration(migrations.Migration):
    """Who approved what is never rewritten; the trigger holds for every role."""

    dependencies = [("letters", "0002_review_approval_and_dispatch"), ("users", "0002_audit_is_append_only")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
