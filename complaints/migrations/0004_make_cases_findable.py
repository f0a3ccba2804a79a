from django.db import migrations

FILL = """
UPDATE complaints_complaint AS complaint
   SET search = to_tsvector('simple', concat_ws(' ', complaint.reference, client.name, complaint.tax_head))
  FROM complaints_client AS client
 WHERE client.id = complaint.client_id AND complaint.search IS NULL
"""


class Migration(migrations.Migration):
    """Cases from before the search get the words that it looks in."""

    dependencies = [("complaints", "0003_work_on_cases")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
