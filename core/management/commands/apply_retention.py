"""`apply_retention` runs the retention policies now (or says what they would do) and ends with one JSON line."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from core.history.context import acting
from core.jobs.running import run
from core.models import RetentionPolicy
from core.retention.policies import due_records, policy_sentence
from core.services.jobs import enqueue_job


class Command(BaseCommand):
    help = "Deal with the records whose time has come by the active retention policies."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count what is due")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            policies = list(RetentionPolicy.objects.filter(is_active=True).order_by("pk"))
            due = {policy.pk: due_records(policy).count() for policy in policies}
            for policy in policies:
                self.stdout.write(f"{policy_sentence(policy)}: {due[policy.pk]}")
            self.stdout.write(json.dumps({"policies": len(due), "due": sum(due.values())}))
            return
        with acting(None, cause="command:apply_retention"):
            job = run(enqueue_job(actor=None, kind="core.retention", wake=False).pk)
        self.stdout.write(json.dumps(job.result if job is not None else {}))
