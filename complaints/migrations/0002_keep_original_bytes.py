from django.db import migrations

REFUSE = """
CREATE FUNCTION complaints_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the original bytes of a document are never altered' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER blob_keeps_its_bytes BEFORE UPDATE ON complaints_blob
    FOR EACH ROW EXECUTE FUNCTION complaints_refuse_change();
"""

ALLOW = """
DROP TRIGGER blob_keeps_its_bytes ON complaints_blob;
DROP FUNCTION complaints_refuse_change();
"""


class Migration(migrations.Migration):
    """A blob may be added and, when no document uses it, removed; it may not be changed."""

    dependencies = [("complaints", "0001_cases_and_papers")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
