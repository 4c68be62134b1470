"""A pytest plugin: says how many tests ran, and fails a run that skipped what it should not have.

`--allowed-skips FILE` names the list: a pattern of test ids, blanks, and the reason why that skip is right.
"""

from fnmatch import fnmatch
from pathlib import Path

import pytest

# The one skip that depends on the machine: the real input files are not part of the checkout.
NO_SAMPLE_DATA = "SAMPLE_DATA is not set: real input files are not on this machine"
_SKIPPED = pytest.StashKey[dict[str, str]]()
_RAN = pytest.StashKey[set[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--allowed-skips",
        type=Path,
        metavar="FILE",
        help="fail when a test is skipped that FILE does not list",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_SKIPPED] = {}
    config.stash[_RAN] = set()
    config.pluginmanager.register(_Watch(config), "skips-watch")


class _Watch:
    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            self._config.stash[_SKIPPED][report.nodeid] = reason
        elif report.when == "call":
            self._config.stash[_RAN].add(report.nodeid)


def unlisted_skips(skipped: dict[str, str], listed: str) -> list[str]:
    """The skipped tests that no line of the list names, each with the reason it gave itself."""
    lines = (line for line in listed.splitlines() if line.strip() and not line.startswith("#"))
    patterns = [line.split(maxsplit=1)[0] for line in lines]
    return [
        f"{test}: {reason}"
        for test, reason in sorted(skipped.items())
        if NO_SAMPLE_DATA not in reason and not any(fnmatch(test, pattern) for pattern in patterns)
    ]


def _unlisted(config: pytest.Config) -> list[str]:
    path = config.getoption("--allowed-skips")
    return unlisted_skips(config.stash[_SKIPPED], path.read_text(encoding="utf-8")) if path else []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    # a worker of xdist sees a part only; its controller decides
    if not hasattr(session.config, "workerinput") and _unlisted(session.config) and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    terminalreporter.write_line(
        f"{len(config.stash[_RAN])} tests ran, {len(config.stash[_SKIPPED])} were skipped"
    )
    for line in _unlisted(config):
        terminalreporter.write_line(f"skipped without leave: {line}", red=True)
