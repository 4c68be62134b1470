"""`erase_person EMAIL` takes a person out for good and ends with one JSON line."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.management.person import person_at
from contacts.services.holds import OnLegalHold
from contacts.services.privacy import erase_contact
from core.history.context import acting


class Command(BaseCommand):
    help = "Erase all that is kept about a person. It can't be undone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--contact", type=int, help="which one, where several people share the address")

    def handle(self, *args: Any, **options: Any) -> None:
        contact = person_at(options["email"], options["contact"])
        with acting(None, cause="command:erase_person"):
            try:
                outcome = erase_contact(actor=None, contact=contact)
            except OnLegalHold as held:
                self.stdout.write(json.dumps({"contact": contact.pk, "held": str(held)}))
                raise CommandError(str(held)) from held
        self.stdout.write(json.dumps({"contact": contact.pk, "erased": outcome.rows, "files": outcome.files}))
