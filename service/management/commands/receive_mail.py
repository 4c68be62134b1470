"""`receive_mail --mailbox NAME < message.eml` takes in one mail and ends with one JSON line."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from core.history.context import acting
from service.services.receiving import receive_mail


class Command(BaseCommand):
    help = "Receive a mail from standard input. Prints one JSON line: ticket, message, created, state, mail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--mailbox", default="", help="the queue's mailbox name or address; default: the default queue"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read()
        with acting(None, cause="command:receive_mail"):
            received = receive_mail(mailbox=options["mailbox"], raw=raw)
        line = {
            "ticket": received.ticket_id,
            "message": received.message_id,
            "created": received.created,
            "state": received.state,
            "mail": received.raw_id,
        }
        self.stdout.write(json.dumps(line))
