from django.db import migrations

REFUSE = """
CREATE FUNCTION users_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER auditevent_keeps_its_rows BEFORE UPDATE OR DELETE ON users_auditevent
    FOR EACH ROW EXECUTE FUNCTION users_refuse_change();
CREATE TRIGGER auditevent_is_not_emptied BEFORE TRUNCATE ON users_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION users_refuse_change();
"""

ALLOW = """
DROP TRIGGER auditevent_is_not_emptied ON users_auditevent;
DROP TRIGGER auditevent_keeps_its_rows ON users_auditevent;
DROP FUNCTION users_refuse_change();
"""


class Migration(migrations.Migration):
    """The rights of the application's role forbid it too; the trigger holds for every role."""

    dependencies = [("users", "0001_practices_people_and_trail")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
