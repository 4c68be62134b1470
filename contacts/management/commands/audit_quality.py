"""`audit_quality`: here and now what the schedule does."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.services.quality import start_audit
from core.jobs.running import run


class Command(BaseCommand):
    help = "Report to everybody which of their records are to be mended; ends with one JSON line."

    def handle(self, *args: Any, **options: Any) -> None:
        job = start_audit(actor=None, wake=False)
        done = run(job.pk) or job
        self.stdout.write(json.dumps({**done.result, "job": done.pk, "state": done.state}))
        if done.error:
            raise CommandError(done.error)
