from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # the index is built beside people's work
    dependencies = [("sales", "0003_custom_fields")]

    operations = [
        AddIndexConcurrently(
            model_name="deal",
            index=models.Index(
                condition=models.Q(("deleted_at__isnull", True), ("status", "open"), ("next_step_at", None)),
                fields=["stage", "id"],
                include=("team", "owner"),
                name="sales_deal_no_step",
            ),
        ),
    ]
