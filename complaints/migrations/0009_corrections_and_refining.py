import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0008_cancelled_runs"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page", models.PositiveIntegerField(blank=True, null=True)),
                ("quote", models.TextField(help_text="The words that nothing may rest on any more.")),
                ("day", models.DateField(blank=True, null=True)),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=2, help_text="Pounds.", max_digits=14, null=True),
                ),
                ("shown_page", models.PositiveIntegerField(blank=True, null=True)),
                ("shown_quote", models.TextField(blank=True)),
                ("reason", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("at", "pk"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="caserun",
            name="run_kind_known",
        ),
        migrations.AlterField(
            model_name="caserun",
            name="kind",
            field=models.CharField(
                choices=[
                    ("read", "Reading the papers"),
                    ("analyse", "Analysing"),
                    ("note", "Taking notes of the papers"),
                    ("draft", "Drafting the letters"),
                    ("refine", "Changing a section"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="caserun",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("read", "analyse", "note", "draft", "refine"))), name="run_kind_known"
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="complaint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="corrections", to="complaints.complaint"
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="complaints.document"
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="shown_in",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="complaints.document",
            ),
        ),
        migrations.AddField(
            model_name="correction",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="correction",
            index=models.Index(fields=["complaint", "at"], name="correction_by_complaint"),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("quote", ""), _negated=True), models.Q(("reason", ""), _negated=True)),
                name="correction_says_what_and_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount", None), ("day", None), ("shown_in", None), ("shown_quote", "")),
                    models.Q(
                        models.Q(
                            models.Q(("amount__isnull", False), ("day", None)),
                            models.Q(("amount", None), ("day__isnull", False)),
                            _connector="OR",
                        ),
                        ("shown_in__isnull", False),
                        models.Q(("shown_quote", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="correction_shows_what_holds",
            ),
        ),
        migrations.AddConstraint(
            model_name="correction",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="correction_withdrawn_by_somebody",
            ),
        ),
    ]
