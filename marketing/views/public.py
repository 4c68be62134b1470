"""What recipients reach from a mail, without signing in: the token in the address is the permission."""

import base64
from typing import Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from contacts.person_links import footer_token
from marketing.enums import EngagementKind
from marketing.models import Recipient
from marketing.rules import evidence_of
from marketing.selectors.results import recipient_by_token
from marketing.sending.links import LinkKind, read_token
from marketing.services.engagements import count_engagement
from marketing.services.messages import TEST_RECIPIENT, link_key
from marketing.services.optout import unsubscribe as unsubscribe_service

_PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def _recipient_id(kind: LinkKind, token: str) -> int:
    recipient_id = read_token(link_key(), kind, token)
    if recipient_id is None:
        raise Http404
    return recipient_id


# The mail program's one-click request (RFC 8058) carries no cookie; the signed token is the permission.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows a page with one button and changes nothing, as scanners follow links; POST opts out."""
    recipient_id = _recipient_id(LinkKind.UNSUBSCRIBE, token)
    recipient = recipient_by_token(recipient_id)
    if recipient is None and recipient_id != TEST_RECIPIENT:
        raise Http404
    if request.method == "POST" and recipient is not None:
        unsubscribe_service(actor=None, recipient=recipient, source=_source(request))
    context = {
        "done": request.method == "POST",
        "address": _masked(recipient),
        "is_test": recipient is None,
        "preferences_token": _preferences_token(recipient),
    }
    response = render(request, "marketing/unsubscribe.html", context)
    add_never_cache_headers(response)
    return response


@require_safe
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    """On to the recipient's own page; without a record behind the address, to where a link can be asked for."""
    recipient = recipient_by_token(_recipient_id(LinkKind.PREFERENCES, token))
    if recipient is None or recipient.contact_id is None:
        target = reverse("preferences:ask")
    else:
        target = reverse("preferences:centre", args=[footer_token(recipient.contact_id)])
    response = HttpResponse(status=302, headers={"Location": target, "Referrer-Policy": "no-referrer"})
    add_never_cache_headers(response)
    return response


def _source(request: HttpRequest) -> str:
    one_click = request.POST.get("List-Unsubscribe") == "One-Click"
    return _("One-click unsubscribe") if one_click else _("Unsubscribe page")


def _preferences_token(recipient: Recipient | None) -> str:
    """For the link to the recipient's own page: fewer mails instead of none."""
    if recipient is None or recipient.contact_id is None:
        return ""
    return footer_token(recipient.contact_id)


def _masked(recipient: Recipient | None) -> str:
    """`a…@example.org`: enough for its owner to know it, no use to whoever got the mail passed on."""
    if recipient is None or not recipient.address:
        return ""
    local, _at, domain = recipient.address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _count(request: HttpRequest, recipient: Recipient, kind: EngagementKind, **values: Any) -> None:
    since_sent = timezone.now() - recipient.sent_at if recipient.sent_at else None
    user_agent = request.headers.get("User-Agent", "")[:500]
    evidence = evidence_of(kind, user_agent, since_sent=since_sent, head=request.method == "HEAD")
    count_engagement(actor=None, recipient=recipient, kind=kind, evidence=evidence, **values)


@require_safe
def click(request: HttpRequest, token: str, link: int) -> HttpResponse:
    """Counts and sends on to where the campaign's link of that number leads; nothing in the URL can change it."""
    recipient = recipient_by_token(_recipient_id(LinkKind.TRACK, token))
    if recipient is None or link >= len(recipient.variant.targets):
        raise Http404
    target = recipient.variant.targets[link]
    if urlsplit(target).scheme not in ("http", "https"):
        raise Http404
    _count(request, recipient, EngagementKind.CLICK, link=link, target=target)
    response = HttpResponse(status=302, headers={"Location": target, "Referrer-Policy": "no-referrer"})
    add_never_cache_headers(response)
    return response


@require_safe
def pixel(request: HttpRequest, token: str) -> HttpResponse:
    """The open pixel: always the same picture, counted where the token is somebody's."""
    recipient = recipient_by_token(_recipient_id(LinkKind.TRACK, token))
    if recipient is not None:
        _count(request, recipient, EngagementKind.OPEN)
    response = HttpResponse(_PIXEL, content_type="image/gif")
    add_never_cache_headers(response)
    return response
