"""Structured logs: one JSON object a line, without personal data."""

import json
import logging
import re
from datetime import UTC, datetime

from core.history.context import current

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
LONG_NUMBER = re.compile(r"\+?\d[\d ()/-]{7,}\d")
STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "request"}


def redact(text: str) -> str:
    """The text with e-mail addresses and what looks like phone numbers taken out."""
    return LONG_NUMBER.sub("<number>", ADDRESS.sub("<address>", text))


class RedactPersonalData(logging.Filter):
    """Takes addresses and phone numbers out of messages and their arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = redact(record.getMessage())
        record.args = ()
        return True


class JsonFormatter(logging.Formatter):
    """One line of JSON with time, level, logger, message, request id and the extra fields."""

    def format(self, record: logging.LogRecord) -> str:
        acting = current()
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if acting and acting.request_id:
            line["request"] = acting.request_id
        for key, value in vars(record).items():
            if key not in STANDARD and isinstance(value, str | int | float | bool):
                line[key] = redact(value) if isinstance(value, str) else value
        if record.exc_info:
            line["traceback"] = redact(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
