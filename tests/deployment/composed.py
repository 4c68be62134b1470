"""What `compose.yaml` and `Dockerfile` say, read as the programs read them that run them."""

import json
import re
from typing import Any

import yaml

from local.instance import PROJECT_ROOT

VARIABLE = re.compile(r"\$\{(\w+)(?:(:-|:\?)((?:[^{}]|\{[^}]*\})*))?\}")


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((PROJECT_ROOT / "compose.yaml").read_text())["services"]
    return found


def filled_in(text: str, given: dict[str, str]) -> str:
    """`${NAME:-default}` and `${NAME:?message}` with the values of `.env`; `$$` is a dollar.
    Raises KeyError for what has to be there."""

    def value(match: re.Match[str]) -> str:
        name, rule, rest = match.groups()
        if given.get(name):
            return given[name]
        if rule == ":?":
            raise KeyError(rest)
        return filled_in(rest or "", given)

    return VARIABLE.sub(value, text.replace("$$", "\0")).replace("\0", "$")


def environment(service: str, given: dict[str, str]) -> dict[str, str]:
    """The environment of a service under a `.env`, with what the image sets."""
    found = image_environment()
    for name, text in services()[service]["environment"].items():
        value = given.get(name) if text is None else filled_in(str(text), given)
        if value is not None:
            found[name] = value
    return found


def command(service: str) -> list[str]:
    """What the service runs: its own command, else the image's."""
    own = services()[service].get("command")
    return [str(part) for part in own] if own else image_command()


def image_command() -> list[str]:
    text = dockerfile().rpartition("\nCMD ")[2]
    found: list[str] = json.loads(text)
    return found


def image_environment() -> dict[str, str]:
    line = re.findall(r"^ENV (.*)$", dockerfile(), re.MULTILINE)[-1]
    found = dict(part.split("=", 1) for part in line.split())
    del found["PATH"]
    return found


def dockerfile() -> str:
    """With lines that go on joined."""
    return (PROJECT_ROOT / "Dockerfile").read_text().replace("\\\n", "")
