"""Which page request wrote a line of the timeline, for undoing it. The index is partial and made beside writers."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("contacts", "0003_lifecycle_and_preferences")]

    operations = [
        migrations.AddField(
            "timelineentry", "request", models.CharField(editable=False, max_length=16, null=True)
        ),
        AddIndexConcurrently(
            "timelineentry",
            models.Index(
                condition=models.Q(request__isnull=False),
                fields=["request"],
                name="contacts_timeline_request",
            ),
        ),
    ]
