from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    """Activities are found by a part of their subject without reading them all."""

    atomic = False

    dependencies = [("contacts", "0008_custom_fields_of_activities")]

    operations = [
        AddIndexConcurrently(
            "activity",
            GinIndex(OpClass(Upper("subject"), name="gin_trgm_ops"), name="contacts_activity_trgm"),
        ),
    ]
