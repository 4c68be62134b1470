"""The signed link to a survey's page. Its end stands in the request's row, and the row's `nonce` is signed over,
so that a new one makes every link that was sent worthless."""

import hmac
import re
from base64 import urlsafe_b64encode

from django.conf import settings
from django.utils.crypto import salted_hmac

_TOKEN = re.compile(r"([0-9]{1,18})\.([A-Za-z0-9_-]{22})\Z")

_IN_TEXT = re.compile(r"/s/[0-9]{1,18}\.[A-Za-z0-9_-]{22}/")


def survey_token(request_id: int, nonce: str) -> str:
    keyed = salted_hmac(
        "service.survey-links", f"{request_id}:{nonce}", secret=settings.MAIL_LINK_KEY, algorithm="sha256"
    )
    return f"{request_id}.{urlsafe_b64encode(keyed.digest()[:16]).decode().rstrip('=')}"


def request_of(token: str) -> int | None:
    """The number in a link, unchecked."""
    match = _TOKEN.match(token)
    return int(match[1]) if match else None


def is_survey_token(token: str, request_id: int, nonce: str) -> bool:
    return hmac.compare_digest(survey_token(request_id, nonce), token)


def without_links(text: str) -> str:
    """A mail's text as colleagues see it: with a customer's link they could answer in the customer's name."""
    return _IN_TEXT.sub("/s/…/", text)
