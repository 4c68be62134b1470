"""`create_api_token EMAIL --name N` prints a new personal API token, alone."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.history.context import acting
from core.models import User
from core.services.tokens import create_token


class Command(BaseCommand):
    help = "Make a personal API token and print it; it can't be read again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="what the token is for")
        parser.add_argument(
            "--scope", action="append", help="such as *:read or deal:write; default: everything"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if user is None:
            raise CommandError(f"No active user has the e-mail address {options['email']}.")
        scopes = options["scope"] or ["*:read", "*:write"]
        with acting(user, cause="command:create_api_token"):
            self.stdout.write(create_token(actor=user, user=user, name=options["name"], scopes=scopes))
