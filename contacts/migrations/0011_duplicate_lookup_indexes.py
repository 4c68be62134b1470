"""Indexes by which the records that resemble one are found. Built beside the work of a running installation."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("contacts", "0010_duplicates")]

    operations = [
        AddIndexConcurrently(
            model_name="address",
            index=models.Index(
                condition=models.Q(("postcode", ""), _negated=True),
                fields=["postcode"],
                name="contacts_address_postcode",
            ),
        ),
        AddIndexConcurrently(
            model_name="contact",
            index=models.Index(
                condition=models.Q(("birthday__isnull", False)),
                fields=["birthday"],
                name="contacts_contact_birthday",
            ),
        ),
        AddIndexConcurrently(
            model_name="contactpoint",
            index=models.Index(
                models.Func(
                    models.Func(
                        models.Func(
                            models.F("normalised"), models.Value("@"), models.Value(1), function="split_part"
                        ),
                        models.Value("+"),
                        models.Value(1),
                        function="split_part",
                    ),
                    models.Value("[^a-z]"),
                    models.Value(""),
                    models.Value("g"),
                    function="regexp_replace",
                    output_field=models.CharField(),
                ),
                condition=models.Q(("kind", "email")),
                name="contacts_point_letters",
            ),
        ),
    ]
