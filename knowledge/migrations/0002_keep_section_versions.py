"""A stored version of a section may only be ended or superseded: the database refuses every other change."""

from django.db import migrations

KEEP = """
CREATE FUNCTION knowledge_keep_section_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'section versions are kept: a letter may rely on %', OLD.identifier
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF to_jsonb(NEW) - 'valid_to' - 'superseded_at' - 'search'
        IS DISTINCT FROM to_jsonb(OLD) - 'valid_to' - 'superseded_at' - 'search' THEN
        RAISE EXCEPTION 'section versions are not edited: store a new version of %', OLD.identifier
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER knowledge_keep_section_version BEFORE UPDATE OR DELETE ON knowledge_sectionversion
    FOR EACH ROW EXECUTE FUNCTION knowledge_keep_section_version();
"""
EDIT = """
DROP TRIGGER knowledge_keep_section_version ON knowledge_sectionversion;
DROP FUNCTION knowledge_keep_section_version();
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_guidance_sections")]

    operations = [migrations.RunSQL(KEEP, EDIT)]
