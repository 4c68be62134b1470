"""What a person waits for in a browser: largest contentful paint, blocked time, layout shift and script size.

`python -m bench.browser --contacts N` prints the rows as JSON; `--base http://127.0.0.1:8000` measures an instance
with demo data that runs already. Headless Chromium opens each page on a desk and on a phone whose processor is
four times slower (`Emulation.setCPUThrottlingRate`), with an empty cache and with a warm one; medians of several
visits. The network is this machine's own, so the figures are the page's and the server's, not a line's.

Goals: the bounds of “good” at web.dev/articles/vitals (paint 2.5 s, shift 0.1) and of Lighthouse for blocked time
(200 ms), 1 s for a paint on the desk, and the product's own budget of script.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.instance import installation
from bench.rows import row
from local.browser import chromium
from local.instance import PROJECT_ROOT
from local.processes import free_port, spawn, stop_in_order

VISITS = 5
SETTLE = 0.4
"""Seconds after `load` in which a page may still paint or shift."""
PAGES = ("list", "contact", "board", "dashboard")
JS_BUDGET = 110.0
WATCH = """
window.__seen = {lcp: 0, what: "", cls: 0, blocked: 0};
new PerformanceObserver(list => { for (const e of list.getEntries()) {
  __seen.lcp = e.startTime; __seen.what = (e.element?.tagName || "") + "." + (e.element?.className || ""); }
}).observe({type: "largest-contentful-paint", buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) __seen.cls += e.value;
}).observe({type: "layout-shift", buffered: true});
new PerformanceObserver(list => { for (const e of list.getEntries()) __seen.blocked += Math.max(0, e.duration - 50);
}).observe({type: "longtask", buffered: true});
"""
READ = """() => { const all = performance.getEntriesByType("resource");
const page = performance.getEntriesByType("navigation")[0];
const kb = list => list.reduce((sum, r) => sum + r.encodedBodySize, 0) / 1024;
const js = all.filter(r => /\\.js(\\?|$)/.test(r.name));
return {...__seen, js: kb(js), total: kb(all) + page.encodedBodySize / 1024, first_byte: page.responseStart,
requests: all.length + 1}; }"""


@dataclass(frozen=True)
class Device:
    """A kind of screen, how many times slower its processor is, and how soon the page must be there (ms)."""

    name: str
    width: int
    height: int
    slower: int
    goal: float


DEVICES = (Device("desk", 1440, 900, 1, 1000.0), Device("phone", 390, 844, 4, 2500.0))


def measure(base: str) -> list[dict[str, Any]]:
    """The rows of every page on every device, with a cold and a warm cache."""
    from playwright.sync_api import sync_playwright

    rows: list[dict[str, Any]] = []
    browser = chromium()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=str(browser.path), args=browser.arguments, env={**browser.environment} or None
        )
        paths = _paths(opened, base)
        for device in DEVICES:
            for name in PAGES:
                visits = _visits(opened, base, device, paths[name])
                rows += [row for cache, seen in visits.items() for row in _rows(name, device, cache, seen)]
        opened.close()
    return rows


def _paths(browser: Any, base: str) -> dict[str, str]:
    page = _signed_in(browser, base, DEVICES[0]).new_page()
    page.goto(f"{base}/contacts/")
    contact = page.locator("[data-row-link]").first.get_attribute("href") or "/contacts/"
    page.context.close()
    return {
        "list": "/contacts/",
        "contact": contact,
        "board": "/sales/deals/board/",
        "dashboard": "/analytics/",
    }


def _signed_in(browser: Any, base: str, device: Device) -> Any:
    context = browser.new_context(
        viewport={"width": device.width, "height": device.height}, service_workers="block"
    )
    page = context.new_page()
    page.goto(f"{base}/accounts/login/")
    page.fill("[name=login]", "manager@demo.example")
    page.fill("[name=password]", "demo")
    page.click("form [type=submit]")
    page.wait_for_url(f"{base}/")
    page.close()
    return context


def _visits(browser: Any, base: str, device: Device, path: str) -> dict[str, list[dict[str, Any]]]:
    """What was seen of a page by cache. A cold visit empties the browser's cache before; the server's is warm."""
    context = _signed_in(browser, base, device)
    context.add_init_script(WATCH)
    found: dict[str, list[dict[str, Any]]] = {"cold": [], "warm": []}
    _visit(context, base + path, device, is_cold=False)
    for cache, seen in found.items():
        for _visit_number in range(VISITS):
            seen.append(_visit(context, base + path, device, is_cold=cache == "cold"))
    context.close()
    return found


def _visit(context: Any, url: str, device: Device, *, is_cold: bool) -> dict[str, Any]:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    if is_cold:
        session.send("Network.clearBrowserCache")
    session.send("Emulation.setCPUThrottlingRate", {"rate": device.slower})
    page.goto(url, wait_until="load")
    page.wait_for_timeout(SETTLE * 1000 * device.slower)
    seen: dict[str, Any] = page.evaluate(READ)
    page.close()
    return seen


def _rows(page: str, device: Device, cache: str, visits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    name = f"browser.{page}.{device.name}.{cache}"
    what = statistics.mode(visit["what"] for visit in visits)
    rows = [
        row(f"{name}.lcp", _median(visits, "lcp"), "ms", device.goal),
        row(f"{name}.first_byte", _median(visits, "first_byte"), "ms"),
        row(f"{name}.blocked", _median(visits, "blocked"), "ms", 200.0),
        row(f"{name}.shift", _median(visits, "cls", 4), "score", 0.1),
    ]
    if cache == "cold":
        rows += [
            row(f"{name}.script", _median(visits, "js"), "kB gz", JS_BUDGET),
            row(f"{name}.total", _median(visits, "total"), "kB"),
            row(f"{name}.requests", _median(visits, "requests"), "requests"),
        ]
    print(name, what, {row["name"].rsplit(".", 1)[1]: row["value"] for row in rows}, file=sys.stderr)
    return rows


def _median(visits: list[dict[str, Any]], key: str, places: int = 1) -> float:
    return round(statistics.median(visit[key] for visit in visits), places)


@contextmanager
def _serving(contacts: int) -> Iterator[str]:
    """The product with so many contacts behind the web server of `make run`; yields its address."""
    with installation(contacts) as environment:
        port = free_port(0)
        command = (
            *(sys.executable, "-m", "gunicorn", "crm_project.wsgi:application", "--preload"),
            *("--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "2", "--threads", "8"),
            "--no-control-socket",
        )
        log = Path(environment["CRM_DATA"]) / "logs" / "web.log"
        with log.open("ab") as output:
            web = spawn(
                "web", command, environ={**environment, "PORT": str(port)}, cwd=PROJECT_ROOT, output=output
            )
        try:
            base = f"http://127.0.0.1:{port}"
            _await(f"{base}/livez")
            yield base
        finally:
            stop_in_order([[web]])


def _await(url: str, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=10_000)
    parser.add_argument("--base", default="", help="the address of a running instance with demo data")
    arguments = parser.parse_args()
    if arguments.base:
        rows = measure(arguments.base.rstrip("/"))
    else:
        with _serving(arguments.contacts) as base:
            rows = measure(base)
    print(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
