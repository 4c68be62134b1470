"""`replay_erasures` erases again whom a restored backup brought back, leaves alone again who has said no since,
and ends with one JSON line."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contacts.services.replaying import replay_logs
from core.history.context import acting


class Command(BaseCommand):
    help = (
        "Erase everybody again whom the erasure log names, and leave alone again who refused since. Run it after"
        " each restore of the database."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with acting(None, cause="command:replay_erasures"):
            outcome = replay_logs()
        self.stdout.write(json.dumps(asdict(outcome)))
        if outcome.foreign:
            raise CommandError(
                f"{outcome.foreign} entries of the erasure log are signed with another key, and nobody was erased"
                " or left alone by them: set MAIL_LINK_KEY (or SECRET_KEY) to the one of that time and run this"
                " again."
            )
