"""Campaign worker against Postfix's smtp-source: CPU per message into smtp-sink, on the same machine in one run.

`python -m bench.campaign [--messages N]` prints the row as JSON. The worker does all of its work: claims,
permissions, messages, journal, SMTP, results. Where Postfix is not installed there is no sink either: then
the mail catcher takes the mails, and `reference`, `ratio` and `met` are null.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

GOAL_RATIO = 2.0
SESSIONS = 16
_SBIN = "/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", "")
PARAGRAPH = (
    "<p>Hi {{ first_name|fallback:'there' }}, the new season is here. "
    '<a href="https://shop.example/new">See what is new</a> before everybody else does — grüße, {{ name }}.</p>'
)


def measure(messages: int = 20_000) -> list[dict[str, Any]]:
    """CPU microseconds per message of the worker, and of smtp-source with messages of the same size."""
    sink, source = shutil.which("smtp-sink", path=_SBIN), shutil.which("smtp-source", path=_SBIN)
    with _database(), tempfile.TemporaryDirectory() as folder, _receiver(sink, Path(folder)) as port:
        os.environ["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
        os.environ["MAIL_JOURNAL_DIR"] = str(Path(folder) / "journal")
        campaign_id, size = _prepare(messages)
        ours = _worker(campaign_id, messages)
        theirs = _smtp_source(source, port, messages, size) if sink and source else None
    ratio = ours / theirs if theirs else None
    return [
        {
            "name": "campaign.worker_cpu_per_message",
            "value": round(ours, 1),
            "unit": "µs",
            "reference": None if theirs is None else round(theirs, 1),
            "ratio": None if ratio is None else round(ratio, 2),
            "goal": GOAL_RATIO,
            "met": None if ratio is None else ratio <= GOAL_RATIO,
        }
    ]


@contextmanager
def _database() -> Iterator[None]:
    """A migrated database of the test servers, named in the environment for this process and its worker."""
    from local.instance import data_dir
    from local.template_database import make_test_database
    from local.testing import lease

    directory = data_dir() / "test"
    held = lease(directory)
    make_test_database(held, directory)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "crm_project.settings",
        "CRM_DATA": str(directory / "instances" / str(held.slot)),
        "DATABASE_URL": held.database_url,
        "MIGRATION_DATABASE_URL": held.migration_database_url,
        "REDIS_URL": held.redis_url,
    }
    yield


@contextmanager
def _receiver(sink: str | None, folder: Path) -> Iterator[int]:
    """smtp-sink, which throws everything away and costs next to nothing; else the mail catcher."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    if sink:
        command = [sink, *(["-u", "nobody"] if os.getuid() == 0 else []), f"127.0.0.1:{port}", "1000"]
    else:
        catcher = [sys.executable, "-m", "local.mail_catcher", "--port", str(port)]
        command = [*catcher, "--maildir", str(folder / "maildir")]
    process = subprocess.Popen(command)
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int) -> None:
    for _attempt in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"nothing answers on port {port}")


def _prepare(messages: int) -> tuple[int, int]:
    """A launched campaign; its id and the size of one message in octets."""
    import django

    django.setup()
    from marketing.services.launch import launch_campaign
    from marketing.services.messages import preview
    from marketing.tests.factories import make_campaign, make_crowd

    html = "<h1>News</h1>" + PARAGRAPH * 14
    campaign = make_campaign(*make_crowd(messages), html=html, text="Hi {{ first_name }},\n\nnews.\n" * 10)
    launch_campaign(actor=None, campaign=campaign)
    _subject, raw = preview(campaign, campaign.variants.get(), None)
    return campaign.pk, len(raw)


def _worker(campaign_id: int, messages: int) -> float:
    """Microseconds of CPU per message in a process of its own, start-up left out."""
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bench.campaign", "--worker", str(campaign_id)],
        capture_output=True,
        text=True,
        check=True,
    )
    sent, seconds = json.loads(result.stdout.splitlines()[-1])
    if sent != messages:
        raise RuntimeError(f"the worker sent {sent} of {messages} messages")
    return float(seconds) / messages * 1e6


def _drain(campaign_id: int) -> None:
    """The worker process: sends everything that is due and prints what it sent and its CPU seconds."""
    import django

    django.setup()
    import crm_project.celery  # noqa: F401  (a worker has it loaded)
    import marketing.tasks  # noqa: F401
    from core.outbox import wake  # noqa: F401
    from marketing.services.drain import drain

    before = time.process_time()
    sent = 0
    while True:
        report = drain(campaign_id)
        sent += report.sent
        if not report.more:
            break
    print(json.dumps([sent, time.process_time() - before]))


def _smtp_source(source: str, port: int, messages: int, size: int) -> float:
    """Microseconds of CPU per message of Postfix's own load generator."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [source, "-s", str(SESSIONS), "-m", str(messages), "-l", str(size), "-f", "a@example.org",
         "-t", "b@example.org", f"127.0.0.1:{port}"],
        check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return seconds / messages * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        _drain(arguments.worker)
    else:
        print(json.dumps(measure(arguments.messages), indent=2))


if __name__ == "__main__":
    main()
