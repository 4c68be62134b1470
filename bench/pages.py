"""What whole HTML pages cost: CPU milliseconds of the web process and of its PostgreSQL backend, and queries.

`python -m bench.pages --contacts N` prints the rows as JSON; the measuring runs in a process of its own with the
environment of `bench.instance`. Pages are asked for through Django's test client, so every middleware, the
templates and the session are in it, and the sockets are not.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bench.instance import installation
from bench.rows import row

WARM_UP = 3
BLOCKS, REPEATS = 4, 10
"""Every page is asked for so often in a row, and so many times again after all the others: what slows a shared
processor for some seconds then does not fall on one page alone."""
SLOW = 0.3
"""Seconds from which a page is asked for in one block only."""
QUERY_GOAL = 25
GROWTH_GOAL = 1.5
FULL = 1_000_000
SMALL = 10_000
CPU_GOALS = {
    "list.first": 40.0,
    "list.middle": 40.0,
    "list.last": 40.0,
    "search.name": 40.0,
    "search.address": 40.0,
    "contact": 50.0,
    "board": 60.0,
}


def measure(contacts: int) -> list[dict[str, Any]]:
    """The rows of one size."""
    with installation(contacts) as environment:
        command = [sys.executable, "-m", "bench.pages", "--here"]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return [row for name, page in found.items() for row in _rows(name, contacts, page)]


def _rows(name: str, contacts: int, page: dict[str, Any]) -> list[dict[str, Any]]:
    goal = CPU_GOALS.get(name) if contacts >= FULL else None
    cpu = page["web"] + page["database"]
    whole = row(
        f"pages.{name}.{contacts}.cpu", round(cpu, 2), "ms", goal, None if goal is None else cpu <= goal
    )
    if "plain" in page:
        whole |= {"reference": round(page["plain"], 2), "ratio": round(cpu / page["plain"], 2)}
    return [
        whole,
        row(f"pages.{name}.{contacts}.cpu_web", round(page["web"], 2), "ms"),
        row(f"pages.{name}.{contacts}.cpu_database", round(page["database"], 2), "ms"),
        row(
            f"pages.{name}.{contacts}.queries",
            page["queries"],
            "queries",
            QUERY_GOAL,
            page["queries"] <= QUERY_GOAL,
        ),
    ]


def growth(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """CPU and queries at a million beside ten thousand, of the same run. Empty without both sizes."""
    values = {row["name"]: row["value"] for row in rows}
    result = []
    for name in sorted({key.split(f".{SMALL}.")[0] for key in values if f".{SMALL}." in key}):
        for what, goal in (("cpu", GROWTH_GOAL), ("queries", 1.0)):
            small, large = values.get(f"{name}.{SMALL}.{what}"), values.get(f"{name}.{FULL}.{what}")
            if small is None or large is None:
                continue
            ratio = round(large / small, 2)
            made = row(
                f"{name}.growth.{what}", large, "ms" if what == "cpu" else "queries", goal, ratio <= goal
            )
            result.append({**made, "reference": small, "ratio": ratio})
    return result


# In the process that measures


def _here() -> dict[str, Any]:
    import django

    django.setup()
    from django.test import Client
    from django.test.utils import override_settings

    from contacts.models import Contact
    from core.models import User

    client = Client(SERVER_NAME="127.0.0.1")
    user = User.objects.get(email="manager@demo.example")
    client.force_login(user)
    found = _measured(list(_pages(client, user)))
    with override_settings(ROOT_URLCONF="bench.plain"):
        for name, number in (("first", 1), ("middle", Contact.objects.count() // 100), ("last", "last")):
            page: Page = (name, partial(dict, page=number), lambda data: _checked(client.get("/", data), 200))
            plain = _measured([page])[name]
            found[f"list.{name}"]["plain"] = plain["web"] + plain["database"]
    return found


def _measured(pages: list[Page]) -> dict[str, dict[str, Any]]:
    """Each page's queries and its CPU milliseconds: the lower quartile, as other guests of the machine only add."""
    queries = {name: _queries(prepare, ask) for name, prepare, ask in pages}
    web: dict[str, list[float]] = {name: [] for name in queries}
    database: dict[str, list[float]] = {name: [] for name in queries}
    for block in range(BLOCKS):
        for name, prepare, ask in pages:
            if block and web[name][0] + database[name][0] > SLOW:
                continue
            for _repeat in range(REPEATS):
                data = prepare()
                before_backend, before = _backend_seconds(), time.process_time()
                ask(data)
                web[name].append(time.process_time() - before)
                database[name].append(_backend_seconds() - before_backend)
    found = {
        name: {
            "web": _lower_quartile(web[name]) * 1000,
            "database": _lower_quartile(database[name]) * 1000,
            "queries": number,
        }
        for name, number in queries.items()
    }
    for name, page in found.items():
        print(name, page, file=sys.stderr)
    return found


def _lower_quartile(values: list[float]) -> float:
    return statistics.quantiles(values, n=4)[0]


def _queries(prepare: Callable[[], Any], ask: Callable[[Any], Any]) -> int:
    """How many the warm page asks."""
    for _repeat in range(WARM_UP):
        ask(prepare())
    data = prepare()
    with _counting() as queries:
        ask(data)
    return len(queries)


def _backend_seconds() -> float:
    """CPU of the connection's backend: `schedstat` counts nanoseconds, where `stat` counts ticks of 10 ms."""
    from django.db import connection

    connection.ensure_connection()
    raw: Any = connection.connection
    text = Path(f"/proc/{raw.info.backend_pid}/schedstat").read_text(encoding="ascii")
    return int(text.split()[0]) / 1e9


@contextmanager
def _counting() -> Iterator[list[str]]:
    from django.db import connection

    found: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


Page = tuple[str, Callable[[], Any], Callable[[Any], Any]]


def _pages(client: Any, user: Any) -> Iterator[Page]:
    """Name, preparation (not measured) and request of each page; every request's answer is checked."""

    def get(name: str, path: str, **data: str) -> Page:
        return name, lambda: data, lambda data: _checked(client.get(path, data), 200)

    def post(name: str, path: str, prepare: Callable[[], dict[str, Any]]) -> Page:
        return name, prepare, lambda data: _checked(client.post(path, data), 303)

    middle, cursor = _middle()
    yield get("list.first", "/contacts/")
    yield get("list.middle", "/contacts/", cursor=cursor)
    yield get("list.last", "/contacts/", last="1")
    yield get("search.name", "/contacts/", q=middle.last_name.lower()[1:6])
    yield get("search.address", "/contacts/", q=_part_of_address(middle))
    yield get("filter.custom_field", "/contacts/", cf_contract_ends__on=_a_day(middle))
    yield get("contact", f"/contacts/{middle.pk}/")
    rest = {"HTTP_HX_REQUEST": "true"}
    card_url = f"/contacts/{middle.pk}/?panel=*"
    yield "contact.rest", lambda: rest, lambda data: _checked(client.get(card_url, **data), 200)
    yield get("board", "/sales/deals/board/")
    yield get("dashboard", "/analytics/")
    yield get("dashboard.fresh", "/analytics/", fresh="1")
    yield get("create_form", "/contacts/new/")
    yield post("create", "/contacts/new/", lambda: _typed(user, None))
    yield get("edit_form", f"/contacts/{middle.pk}/edit/")
    yield post("edit", f"/contacts/{middle.pk}/edit/", lambda: _typed(user, middle.pk))


def _checked(response: Any, status: int) -> Any:
    if response.status_code != status:
        path = response.request["PATH_INFO"]
        raise RuntimeError(f"{path} answered {response.status_code}: {response.content[:2000]!r}")
    return response


def _middle() -> tuple[Any, str]:
    """A contact with an address and a company from the middle of the list, and the list's cursor there."""
    from contacts.models import Contact
    from core.paging import keyset_page

    names = Contact.objects.order_by("sort_name", "pk").values_list("sort_name", flat=True)
    rest = Contact.objects.filter(sort_name__gte=names[names.count() // 2])
    cursor = keyset_page(rest, ("sort_name",), size=1).next
    known = rest.filter(points__kind="email", company__isnull=False).exclude(last_name="")
    reached = known.order_by("sort_name", "pk").first()
    if reached is None or cursor is None:
        raise RuntimeError("the demo data has no such contact in the middle")
    return reached, cursor


def _part_of_address(contact: Any) -> str:
    address = contact.points.filter(kind="email").values_list("normalised", flat=True)[0]
    local, _, domain = address.partition("@")
    return f"{local[2:]}@{domain[:4]}"


def _a_day(contact: Any) -> str:
    """A day on which some contracts end, as a filter by the custom field of the demo."""
    ends = contact.__class__.objects.filter(pk__gte=contact.pk, custom__has_key="contract_ends").order_by(
        "pk"
    )
    day = ends.values_list("custom__contract_ends", flat=True)[0]
    return str(day)


def _typed(user: Any, pk: int | None) -> dict[str, Any]:
    """What the form's fields hold, with something new in one of them."""
    from contacts.forms.parties import ContactForm
    from contacts.models import Contact

    form = ContactForm(user=user, instance=Contact.objects.get(pk=pk) if pk else None)
    values = {name: form[name].value() for name in form.fields}
    stamp = str(time.time_ns())
    if pk:
        values["job_title"] = f"Clerk {stamp}"
    else:
        values |= {"first_name": "Bench", "last_name": stamp, "email": f"bench{stamp}@example.org"}
    if isinstance(values.get("tags"), list):
        values["tags"] = ", ".join(values["tags"])
    return {name: value for name, value in values.items() if value not in (None, False)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=SMALL)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    print(json.dumps(_here()) if arguments.here else json.dumps(measure(arguments.contacts), indent=1))


if __name__ == "__main__":
    main()
