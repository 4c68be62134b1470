"""`compose.yaml` means what the program understands; its commands run as they are written."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import resolve

from crm_project.celery import app
from local.instance import PROJECT_ROOT, parse_database_url
from local.static import STAMP
from local.testing import Lease
from tests.deployment.composed import command, environment, filled_in, services

OURS = ("prepare", "migrate", "web", "worker", "worker-mail", "worker-batch", "beat")
NEEDED = {
    "SECRET_KEY": "s" * 60,
    "ALLOWED_HOSTS": "crm.example,www.crm.example",
    "PUBLIC_URL": "https://crm.example",
    "EMAIL_URL": "smtp://mail.example",
}
LIMIT = 240
"""Seconds for what hangs, not a measure."""


def read_by_the_program() -> set[str]:
    """The variables that the program reads."""
    files = [PROJECT_ROOT / "crm_project" / "settings.py", *(PROJECT_ROOT / "local").glob("*.py")]
    text = "\n".join(path.read_text() for path in files)
    return set(re.findall(r'"([A-Z][A-Z0-9_]{2,})"', text))


@pytest.mark.parametrize("service", OURS)
def test_every_variable_is_one_that_the_program_or_its_libraries_read(service: str) -> None:
    libraries = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION", "PYTHONUNBUFFERED"}
    assert set(environment(service, NEEDED)) | set(services()[service]["environment"]) <= (
        read_by_the_program() | libraries
    )


def test_every_documented_variable_reaches_the_containers() -> None:
    table = (PROJECT_ROOT / "docs" / "deployment.md").read_text().split("## Variables")[1].split("\n## ")[0]
    names = {
        name
        for cell in re.findall(r"^\| (.*?) \|", table, re.MULTILINE)
        for name in re.findall(r"`([A-Z0-9_]{3,})", cell)
    }
    handed_on = set(services()["web"]["environment"]) | set(environment("web", NEEDED))
    assert names - handed_on == {"MIGRATION_DATABASE_URL"}  # the owner's login, where `migrate` runs alone
    assert "MIGRATION_DATABASE_URL" in services()["migrate"]["environment"]
    assert "MIGRATION_DATABASE_URL" not in services()["web"]["environment"]


def test_what_has_to_be_set_is_asked_for_by_name() -> None:
    for name in NEEDED:
        with pytest.raises(KeyError, match=name):
            environment("web", {key: value for key, value in NEEDED.items() if key != name})


def test_every_queue_that_tasks_are_sent_to_has_a_worker() -> None:
    served = {words[words.index("--queues") + 1] for name in OURS if "--queues" in (words := command(name))}
    sent_to = {route["queue"] for route in app.conf.task_routes.values()} | {app.conf.task_default_queue}
    assert served == sent_to


def test_beat_stands_alone_and_starts_tasks_that_exist() -> None:
    assert sum("beat" in command(name) for name in OURS) == 1
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_services_wait_for_what_they_need() -> None:
    waits = {name: services()[name].get("depends_on") for name in OURS}
    assert waits["migrate"] == {"prepare": {"condition": "service_completed_successfully"}}
    for name in ("web", "worker", "worker-mail", "worker-batch", "beat"):
        assert waits[name]["migrate"] == {"condition": "service_completed_successfully"}
    # with servers of one's own these two are taken out of the file
    assert waits["prepare"]["postgres"]["required"] is waits["web"]["redis"]["required"] is False


HOST = NEEDED["ALLOWED_HOSTS"].split(",")[0]


def health_check(port: int) -> str:
    """The web server's check as the container's shell runs it."""
    return filled_in(services()["web"]["healthcheck"]["test"][1], NEEDED).replace(":8000/", f":{port}/")


def test_health_check_asks_a_page_that_is_there_under_a_name_that_is_allowed() -> None:
    asked = health_check(8000).replace("curl ", "echo ")
    words = ["sh", "-c", asked]
    said = subprocess.run(
        words, env={**os.environ, **NEEDED}, capture_output=True, text=True, check=True
    ).stdout
    assert said == f"-fsS -H Host: {HOST} http://127.0.0.1:8000/livez\n"
    assert resolve("/livez").url_name == "livez"


def place_of(name: str, lease: Lease, data: Path) -> dict[str, str]:
    """The environment of a service whose servers are the suite's own and whose volume is a folder."""
    given = {
        **NEEDED,
        "DATABASE_URL": lease.database_url,
        "MIGRATION_DATABASE_URL": lease.migration_database_url,
        "SUPERUSER_DATABASE_URL": lease.superuser_url,
        "REDIS_URL": lease.redis_url,
    }
    inherited = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    said = {**environment(name, given), "CRM_DATA": str(data), "MEDIA_ROOT": str(data / "media")}
    return {**inherited, **said, "PATH": f"{Path(sys.executable).parent}:{inherited['PATH']}"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "volume").mkdir()
    return tmp_path / "volume"


def test_roles_and_migration_run_as_written_and_again_without_harm(
    django_db_setup: None, database_lease: Lease, data: Path
) -> None:
    assert parse_database_url(database_lease.database_url).user == "crm_app"
    for name in ("prepare", "migrate"):
        done = subprocess.run(
            command(name), cwd=PROJECT_ROOT, env=place_of(name, database_lease, data), capture_output=True,
            text=True, check=False, timeout=LIMIT,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
    assert "No migrations to apply" in done.stdout


def collect(environment: dict[str, str]) -> None:
    """The static files as the image has them; the suite's own collecting leaves out their lasting names."""
    if not (PROJECT_ROOT / "staticfiles" / "staticfiles.json").exists():
        STAMP.unlink(missing_ok=True)
    subprocess.run([sys.executable, "-m", "local.static"], cwd=PROJECT_ROOT, env=environment, check=True)


@pytest.fixture
def started(
    django_db_setup: None, database_lease: Lease, data: Path, redis_server: Any
) -> Iterator[dict[str, Any]]:
    """Web, workers and beat under their commands as written; only where they listen and keep files is ours."""
    collect(place_of("web", database_lease, data))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running: dict[str, Any] = {"port": port}
    try:
        for name in OURS[2:]:
            words = [word.replace("0.0.0.0:8000", f"127.0.0.1:{port}") for word in command(name)]
            words = [word.replace("/data/", f"{data}/") for word in words]
            log = (data / f"{name}.log").open("wb")
            running[name] = subprocess.Popen(
                words, cwd=PROJECT_ROOT, env=place_of(name, database_lease, data), stdout=log, stderr=log
            )
        yield running
    finally:
        ours = [running[name] for name in OURS[2:] if name in running]
        for process in ours:
            process.send_signal(signal.SIGTERM)
        for process in ours:
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
        redis_server.flushdb()


def said(data: Path, name: str, words: str, process: Any) -> None:
    """Wait until the process has written the words."""
    end = time.monotonic() + LIMIT
    while words not in (text := (data / f"{name}.log").read_text(errors="replace")):
        assert process.poll() is None, f"{name} ended: {text[-2000:]}"
        assert time.monotonic() < end, f"{name} never said {words!r}: {text[-2000:]}"
        time.sleep(0.1)


@pytest.mark.slow
def test_every_process_runs_as_written_answers_and_ends(started: dict[str, Any], data: Path) -> None:
    for name in ("worker", "worker-mail", "worker-batch"):
        said(data, name, "ready.", started[name])
    said(data, "beat", "Sending due task", started["beat"])
    host = HOST
    assert ask(started["port"], "/livez", host)[0] == 200
    assert ask(started["port"], "/readyz", host)[0] == 200
    assert ask(started["port"], "/livez", "elsewhere.example")[0] == 400
    if shutil.which("curl"):
        subprocess.run(["sh", "-c", health_check(started["port"])], env={**os.environ, **NEEDED}, check=True)
    status, headers, _body = ask(started["port"], "/contacts/", host)
    assert (status, headers["Location"]) == (301, f"https://{host}/contacts/")
    for where, expected in PAGES.items():
        status, headers, body = ask(started["port"], where, host, "https")
        assert status == expected, where
        assert SECURE.items() <= headers.items(), f"{where}: {headers}"
        assert "default-src 'self'" in headers["Content-Security-Policy"], where
        assert "Traceback" not in body
    asset = re.search(r'href="(/static/[^"]+\.css)"', ask(started["port"], "/help/", host, "https")[2])
    assert asset is not None
    status, headers, _body = ask(started["port"], asset[1], host, "https")
    assert (status, headers["X-Content-Type-Options"]) == (200, "nosniff")
    assert "immutable" in headers["Cache-Control"]
    for name in OURS[2:]:
        started[name].send_signal(signal.SIGTERM)
    assert {name: started[name].wait(LIMIT) for name in OURS[2:]} == dict.fromkeys(OURS[2:], 0)


PAGES = {
    "/no-such-page/": 404,
    "/help/": 200,
    "/api/v1/contacts/": 401,
    "/s/x/": 404,
}
SECURE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
}


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def ask(port: int, path: str, host: str, scheme: str = "http") -> tuple[int, dict[str, str], str]:
    """(status, headers, body), asked as the reverse proxy asks; redirects are not followed."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
    request.add_header("X-Forwarded-Proto", scheme)
    opener = urllib.request.build_opener(_Stay)
    end = time.monotonic() + LIMIT
    while True:
        try:
            with opener.open(request, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, dict(error.headers), error.read().decode()
        except OSError:
            assert time.monotonic() < end, "the web server does not answer"
            time.sleep(0.2)
