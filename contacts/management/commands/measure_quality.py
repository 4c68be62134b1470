"""`measure_quality`: here and now what the schedule does."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.services.quality import start_measuring
from core.jobs.running import run


class Command(BaseCommand):
    help = "Count the quality of people and companies as the figures of today; ends with one JSON line."

    def handle(self, *args: Any, **options: Any) -> None:
        job = start_measuring(actor=None, wake=False)
        done = run(job.pk) or job
        self.stdout.write(json.dumps({**done.result, "job": done.pk, "state": done.state}))
        if done.error:
            raise CommandError(done.error)
