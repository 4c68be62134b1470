"""Who stands behind a signed link, and what their own page shows them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from contacts.enums import Channel, ConsentState, Frequency, PointKind, SuppressionScope
from contacts.models import Consent, Contact, ContactPoint, ContactPreference, Suppression
from contacts.person_links import claim_of, is_owner_token, read_footer_token
from contacts.purposes import MARKETING, all_purposes
from contacts.selectors.permissions import newest_states
from contacts.selectors.privacy import addresses_of
from core.models import ImportRow
from core.registries.aliases import live_id


class LinkEnded(Exception):
    """We signed this link, but it works no more: too old, or the address is no longer on file."""


@dataclass(frozen=True)
class Person:
    """`is_owner`: by a fresh link sent to an address on file. `is_alone`: nobody else has that address, so that
    whoever reads its mail is the person and nobody else."""

    contact: Contact
    token: str
    is_owner: bool = False
    is_alone: bool = False

    @property
    def may_see_data(self) -> bool:
        return self.is_owner and self.is_alone

    @property
    def source(self) -> str:
        return str(
            _("Preference centre (link sent on request)")
            if self.is_owner
            else _("Preference centre (link in a mail)")
        )


def person_behind(token: str) -> Person | None:
    """Whose link this is; None for a token that we did not sign. Raises LinkEnded."""
    contact_id = read_footer_token(token)
    if contact_id is not None:
        return Person(_known(contact_id), token)
    claim = claim_of(token)
    if claim is None:
        return None
    point = ContactPoint.objects.filter(pk=claim.point_id or 0, kind=PointKind.EMAIL).first()
    if point is None or point.contact_id != live_id("contact", claim.contact_id):
        raise LinkEnded
    if not is_owner_token(token, claim, point.normalised):
        return None
    if claim.expires < time.time():
        raise LinkEnded
    others = ContactPoint.objects.filter(kind=PointKind.EMAIL, normalised=point.normalised)
    alone = not others.exclude(contact_id=point.contact_id).exists()
    return Person(_known(claim.contact_id), token, is_owner=True, is_alone=alone)


def _known(contact_id: int) -> Contact:
    """The person, under the record they were merged into, unless they were erased. Raises LinkEnded."""
    contact: Contact | None = Contact.all_objects.filter(pk=live_id("contact", contact_id)).first()
    if contact is None or contact.name == "":
        raise LinkEnded
    return contact


@dataclass(frozen=True)
class Topic:
    key: str
    name: Any
    description: Any
    is_wanted: bool


@dataclass(frozen=True)
class Choices:
    """What somebody has chosen so far, for the form on their page."""

    topics: list[Topic]
    channels: list[Topic]
    frequency: str
    paused_until: Any
    gets_nothing: bool


def choices_of(contact: Contact) -> Choices:
    """The state of the preference centre. A fixed number of queries."""
    states = newest_states(contact.pk)
    preference = ContactPreference.objects.filter(contact=contact).first()
    refused = Suppression.objects.filter(
        address__in=addresses_of(contact.pk), reach__in=SuppressionScope.values
    ).exists()

    def wanted(purpose: str, channel: str) -> bool:
        if channel == Channel.EMAIL and refused:
            return False
        return states.get((purpose, channel)) == ConsentState.GRANTED

    topics = [
        Topic(one.key, one.name, one.description, wanted(one.key, Channel.EMAIL)) for one in all_purposes()
    ]
    channels = [
        Topic(one.value, one.label, "", wanted(MARKETING.key, one.value))
        for one in Channel
        if one != Channel.EMAIL
    ]
    return Choices(
        topics=topics,
        channels=channels,
        frequency=preference.frequency if preference else Frequency.ANY,
        paused_until=preference.paused_until if preference else None,
        gets_nothing=refused or contact.do_not_contact,
    )


@dataclass(frozen=True)
class Reason:
    """One thing that explains why somebody is known: when, and what happened."""

    at: datetime
    text: str
    words: str = ""


def reasons_of(contact: Contact) -> list[Reason]:
    """Why somebody is in the system, oldest first: how the record came to be, what was agreed to, and in which
    words. Nothing of colleagues' notes."""
    return sorted(_reasons(contact), key=lambda reason: reason.at)


def _reasons(contact: Contact) -> Iterator[Reason]:
    source = contact.source.strip()
    first = (
        _("You became known to us: %(source)s.") % {"source": source}
        if source
        else _("You became known to us.")
    )
    yield Reason(contact.created_at, first)
    rows = ImportRow.objects.filter(Q(batch__target="contacts"), object_id=contact.pk).select_related("batch")
    for row in rows.order_by("pk")[:5]:
        yield Reason(row.batch.created_at, _("Your details were brought in with a list."))
    for line in Consent.objects.filter(contact=contact).order_by("at", "pk")[:100]:
        text = _("%(purpose)s, %(channel)s: %(state)s (%(source)s)") % {
            "purpose": _purpose_name(line.purpose),
            "channel": dict(Channel.choices).get(line.channel, line.channel),
            "state": line.get_state_display(),
            "source": line.source,
        }
        yield Reason(line.at, text, line.wording)


def _purpose_name(key: str) -> Any:
    return next((one.name for one in all_purposes() if one.key == key), key)
