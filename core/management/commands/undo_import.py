"""`undo_import JOB --as EMAIL`: undo a finished import by its job's number."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from core.jobs.running import run
from core.models import ImportBatch, User
from core.services.imports import start_undo


class Command(BaseCommand):
    help = "Undo an import: deleted, restored and kept records as one JSON line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("job", type=int, help="the number that import_records printed")
        parser.add_argument("--as", dest="actor", required=True, metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = User.objects.filter(email__iexact=options["actor"], is_active=True).first()
        if actor is None:
            raise CommandError(f"No active user has the e-mail address {options['actor']}.")
        batch = ImportBatch.objects.filter(job_id=options["job"]).first()
        if batch is None:
            raise CommandError(f"Job {options['job']} is not an import.")
        try:
            job = start_undo(actor=actor, batch=batch, wake=False)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        done = run(job.pk) or job
        if done.error:
            raise CommandError(done.error)
        self.stdout.write(json.dumps({**done.result, "job": done.pk}))
