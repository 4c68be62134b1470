"""Structured logs: one JSON object a line, without addresses and numbers of people."""

import io
import json
import logging
from typing import Any

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from core.history.context import acting


@pytest.fixture
def written() -> tuple[logging.Logger, io.StringIO]:
    """A logger of its own with the filters and the formatter that the settings name."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    configured: dict[str, Any] = settings.LOGGING
    for name in configured["handlers"]["console"]["filters"]:
        handler.addFilter(import_string(configured["filters"][name]["()"])())
    formatter = configured["formatters"][configured["handlers"]["console"]["formatter"]]
    handler.setFormatter(import_string(formatter["()"])())
    logger = logging.Logger("crm.test", logging.INFO)
    logger.addHandler(handler)
    return logger, stream


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_addresses_and_numbers_are_taken_out_wherever_they_stand(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = written
    extra = {"recipient": "ada@example.org", "tries": 3, "whole": object()}
    logger.warning("no answer from %s or %s", "Ada.Byron+x@example.org", "+44 20 7946 0958", extra=extra)
    try:
        raise ValueError("550 no such user ada@example.org")
    except ValueError:
        logger.exception("refused")
    text = stream.getvalue().casefold()
    assert [word for word in ("ada", "byron", "7946") if word in text] == []
    first, second = lines(stream)
    assert first["message"] == "no answer from <address> or <number>"
    assert (first["recipient"], first["tries"], "whole" in first) == ("<address>", 3, False)
    assert second["traceback"].splitlines()[-1] == "ValueError: 550 no such user <address>"


def test_line_says_when_how_grave_from_where_and_for_which_request(
    written: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, stream = written
    with acting(None, cause="page", request_id="r-7"):
        logger.info("two\nlines")
    (line,) = lines(stream)
    assert (line["level"], line["logger"], line["request"]) == ("info", "crm.test", "r-7")
    assert (line["message"], line["at"].endswith("+00:00")) == ("two\nlines", True)
