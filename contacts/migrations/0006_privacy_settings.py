"""Privacy settings edited in the product, and where a suppressed address came from."""

from typing import ClassVar

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("contacts", "0005_external_keys")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="suppression",
            name="source",
            field=models.CharField(blank=True, max_length=120, verbose_name="how it came"),
        ),
        migrations.AlterField(
            model_name="suppression",
            name="at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
        ),
        migrations.AlterField(
            model_name="suppression",
            name="note",
            field=models.CharField(blank=True, max_length=200, verbose_name="reason"),
        ),
        migrations.CreateModel(
            name="PrivacySettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="updated")),
                (
                    "erase_on_request",
                    models.BooleanField(
                        default=False,
                        help_text="Where the address is theirs alone and no legal hold is in force. Otherwise the"
                        " request waits in the register for somebody to carry it out.",
                        verbose_name="erase at once who asks for it by their own link",
                    ),
                ),
            ],
            options={
                "verbose_name": "privacy settings",
                "verbose_name_plural": "privacy settings",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("pk", 1)), name="contacts_privacysettings_single"
                    )
                ],
            },
        ),
    ]
