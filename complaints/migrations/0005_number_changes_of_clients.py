from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0004_make_cases_findable"),
    ]

    operations = [
        migrations.AddField(
            model_name="client",
            name="version",
            field=models.PositiveIntegerField(
                db_default=1, default=1, editable=False, help_text="Goes up with every change; the ETag."
            ),
        ),
    ]
