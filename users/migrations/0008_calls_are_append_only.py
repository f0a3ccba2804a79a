from django.db import migrations

REFUSE = """
CREATE TRIGGER llmcall_keeps_its_rows BEFORE UPDATE OR DELETE ON users_llmcall
    FOR EACH ROW EXECUTE FUNCTION users_refuse_change();
CREATE TRIGGER llmcall_is_not_emptied BEFORE TRUNCATE ON users_llmcall
    FOR EACH STATEMENT EXECUTE FUNCTION users_refuse_change();
"""

ALLOW = """
DROP TRIGGER llmcall_is_not_emptied ON users_llmcall;
DROP TRIGGER llmcall_keeps_its_rows ON users_llmcall;
"""


class Migration(migrations.Migration):
    """What was paid is never rewritten; a correction is a row of its own. The trigger holds for every role."""

    dependencies = [("users", "0007_spending")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
