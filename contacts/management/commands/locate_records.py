"""`locate_records [--again]`: load the gazetteer and put people and companies on the map, here and now."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from contacts.models import Company, Contact
from contacts.services.locating import load_places, locate_missing


class Command(BaseCommand):
    help = "Load the gazetteer and give everybody without coordinates those of their address or town."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--again", action="store_true", help="load the gazetteer anew")

    def handle(self, *args: Any, **options: Any) -> None:
        places = load_places(actor=None, again=options["again"])
        located = 0
        for model in (Contact, Company):
            after = 0
            while after >= 0:
                last, found = locate_missing(actor=None, model=model, after=after)
                located, after = located + found, last or -1
        self.stdout.write(json.dumps({"places": places, "located": located}))
