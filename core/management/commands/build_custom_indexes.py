"""`manage.py build_custom_indexes`: makes the indexes that custom fields wait for. Needs the login that owns the
tables (MIGRATION_DATABASE_URL) and blocks no writer. Ends with one JSON line."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.custom_fields.indexing import NotOwner, renew_indexes
from core.enums import CustomIndexState
from core.models import CustomField


class Command(BaseCommand):
    help = "Make the indexes that custom fields wait for."

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = CustomField.objects.exclude(index_state__in=["", CustomIndexState.READY])
        ids = list(waiting.order_by("pk").values_list("pk", flat=True))
        try:
            states = {pk: renew_indexes(pk) for pk in ids}
        except NotOwner as error:
            raise CommandError(str(error)) from error
        ready = sum(state == CustomIndexState.READY for state in states.values())
        self.stdout.write(json.dumps({"fields": len(ids), "ready": ready}))
