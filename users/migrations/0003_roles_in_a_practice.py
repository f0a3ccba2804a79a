from django.db import migrations, models


def make_everybody_admin(apps, _schema_editor):
    """People of before had every right in their practice, and keep it."""
    apps.get_model("users", "User").objects.filter(is_superuser=False).update(role="admin")


class Migration(migrations.Migration):
    dependencies = [
        ("users", "0002_audit_is_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="practice",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, help_text="Goes up with every change."),
        ),
        migrations.AddField(
            model_name="user",
            name="role",
            field=models.CharField(
                blank=True,
                choices=[("admin", "Admin"), ("manager", "Manager"), ("analyst", "Analyst"), ("viewer", "Viewer")],
                help_text="In the practice; staff have none.",
                max_length=10,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="sign_in_epoch",
            field=models.PositiveIntegerField(default=1, editable=False, help_text="A change ends every session."),
        ),
        migrations.AddField(
            model_name="user",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, help_text="Goes up with every change."),
        ),
        migrations.AddIndex(
            model_name="user",
            index=models.Index(fields=["practice", "email", "id"], name="user_of_a_practice"),
        ),
        migrations.RunPython(make_everybody_admin, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_superuser", True), ("role", None)),
                    models.Q(("is_superuser", False), ("role__in", ("admin", "manager", "analyst", "viewer"))),
                    _connector="OR",
                ),
                name="user_role_unless_superuser",
                violation_error_message="Everybody has a role but staff of the platform, who have none.",
            ),
        ),
    ]
