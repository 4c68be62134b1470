"""`seed_demo --contacts N --seed S`: believable data, three years deep; a million contacts in minutes."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from analytics.services.scoring_start import start_scoring
from contacts.services.locating import start_locating
from core.db.statistics import analyze
from core.history.context import acting
from core.models import User
from demo import (
    custom,
    doings,
    flaws,
    imports,
    mailings,
    merges,
    parties,
    privacy,
    relations,
    selling,
    serving,
    staff,
    twins,
)
from demo.world import make_world

BAR = 30


class Command(BaseCommand):
    help = "Fill an empty installation with demo data. The same seed, size and day give the same data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--contacts", type=int, default=3000)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--today", default="", help="count back from this day (YYYY-MM-DD) instead of today"
        )
        parser.add_argument("--progress", action="store_true", help="show a progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["contacts"] < 1:
            raise CommandError("--contacts needs a number from 1.")
        if settings.PRODUCTION:
            raise CommandError("Everybody knows the demo's passwords: its data does not go into production.")
        if User.objects.exists():
            raise CommandError(
                "There are people in this installation already; demo data goes into an empty one."
            )
        started = time.monotonic()
        self.show = options["progress"]
        world = make_world(options["seed"], options["contacts"], options["today"])
        with transaction.atomic(), acting(None, cause="seed"):
            counts = self._seed(world)
        analyze()
        start_scoring(actor=None)
        start_locating(actor=None)
        self.stdout.write(json.dumps({**counts, "seconds": round(time.monotonic() - started, 1)}))

    def _seed(self, world: Any) -> dict[str, int]:
        known: list[Any] = []
        firms: list[Any] = []
        products: list[Any] = []
        entries = [0]

        def count(number: int) -> None:
            entries[0] += number

        steps: list[tuple[str, Callable[[], Any]]] = [
            ("people who work here", lambda: staff.seed_staff(world)),
            ("custom fields", lambda: custom.seed_custom_fields(world)),
            ("companies", lambda: firms.extend(parties.plan_companies(world))),
            ("contacts", lambda: known.extend(parties.plan_contacts(world, firms))),
            ("products", lambda: products.extend(selling.seed_products())),
            ("deals", lambda: count(selling.seed_deals(world, known, products))),
            ("orders", lambda: count(selling.seed_orders(world, known, products))),
            ("targets", lambda: selling.seed_quotas(world)),
            ("tickets", lambda: count(serving.seed_tickets(world, known))),
            ("activities", lambda: count(doings.seed_activities(world, known))),
            ("mailings", lambda: count(mailings.seed_mailings(world, known))),
            ("timeline", lambda: count(doings.fill_timeline(world, known, entries[0]))),
            ("companies' records", lambda: parties.write_companies(firms)),
            ("contacts' records", lambda: parties.write_contacts(world, known)),
            # what follows reads and writes single rows, by triggers too: without statistics each would read all
            ("statistics", analyze),
            ("relations", lambda: relations.seed_relations(world, firms, known)),
            ("merges", lambda: merges.seed_merges(world)),
            ("privacy", lambda: privacy.seed_privacy(world, known)),
            ("flaws", lambda: flaws.seed_flaws(world)),
            ("duplicates", lambda: twins.seed_twins(world)),
            ("imports", lambda: imports.seed_imports(world)),
            ("data quality", lambda: flaws.seed_quality(world)),
        ]
        for number, (name, step) in enumerate(steps):
            self._bar(number, len(steps), name)
            step()
        self._bar(len(steps), len(steps), "done")
        return {"contacts": len(known), "companies": len(firms), "timeline": entries[0]}

    def _bar(self, done: int, total: int, name: str) -> None:
        if self.show:
            filled = BAR * done // total
            self.stderr.write(f"\rdemo data [{'#' * filled}{'.' * (BAR - filled)}] {name:20}", ending="")
            self.stderr.flush()
