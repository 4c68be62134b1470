"""What people have said about how they want to be reached, apart from what is seen of it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.enums import PreferredChannel
from contacts.models import Contact
from contacts.profile.subject import Subject
from core.registries import records
from core.registries.profile import Piece, Rows
from core.scope.access import profile_for

SEEN_AS: dict[str, tuple[str, ...]] = {
    PreferredChannel.EMAIL: ("email", "form", "mailing"),
    PreferredChannel.PHONE: ("call", "phone"),
    PreferredChannel.CHAT: ("chat",),
    PreferredChannel.MEETING: ("meeting", "visit"),
    PreferredChannel.SOCIAL: ("social",),
}
"""Over which channels a wish is seen to come true."""


def stated(subject: Subject, user: Any) -> Piece | None:
    """The preferred channel and hour that a person gave, or that a company's people gave; None where nobody
    said anything, or the role hides it."""
    hidden = profile_for(user).hidden_fields("contact")
    if subject.is_person:
        return _of_person(subject.record, hidden)
    if not profile_for(user).allows("contact", "view"):
        return None
    return _of_people(subject, user, hidden)


def _of_person(contact: Contact, hidden: frozenset[str]) -> Piece | None:
    channel = "" if "preferred_channel" in hidden else contact.preferred_channel
    hour = None if "best_hour" in hidden else contact.best_hour
    sentences = []
    if channel:
        label = PreferredChannel(channel).label
        sentences.append(_("They asked to be reached by: %(channel)s.") % {"channel": label})
    if hour is not None:
        sentences.append(_("They asked for %(hours)s, in their own time.") % {"hours": hour_words(hour)})
    if not sentences:
        return None
    page = Rows(_("What they said"), url=records.of(contact).url_of(contact.pk))
    return Piece(sentences, {"stated": channel or None, "stated_hour": hour}, [page])


def _of_people(subject: Subject, user: Any, hidden: frozenset[str]) -> Piece | None:
    """Each channel with how many of the people ask for it. One query."""
    if {"preferred_channel", "company"} & hidden:
        return None
    people = Contact.objects.visible_to(user).filter(company__in=subject.company_ids)
    asked = people.exclude(preferred_channel="").order_by().values_list("preferred_channel")
    numbers: Counter[str] = Counter(dict(asked.annotate(number=Count("pk"))))
    if not numbers:
        return None
    ranked = sorted(numbers.items(), key=lambda item: (-item[1], item[0]))
    labels = {key: str(PreferredChannel(key).label) for key, _number in ranked}
    parts = ", ".join(f"{labels[key]} ({number})" for key, number in ranked)
    total = numbers.total()
    words = ngettext(
        "%(n)d of their people said how they want to be reached: %(channels)s.",
        "%(n)d of their people said how they want to be reached: %(channels)s.",
        total,
    )
    rows = [
        Rows(
            _("People: %(channel)s") % {"channel": labels[key]},
            subject.link("contact", preferred_channel=key),
            number,
        )
        for key, number in ranked
    ]
    facts = {"stated": ranked[0][0], "stated_by_people": dict(ranked)}
    return Piece([words % {"n": total, "channels": parts}], facts, rows)


def agrees(said: Mapping[str, Any], seen: str | None) -> bool | None:
    """Whether the channel that is seen is the one asked for, by the facts of what was said; None where one of
    them is not known. Of a company's people those who are the most decide, several where they are as many."""
    people = said.get("stated_by_people") or {said.get("stated"): 1}
    wishes = [wish for wish, number in people.items() if number == max(people.values())]
    channels = [SEEN_AS[wish] for wish in wishes if wish in SEEN_AS]
    if not seen or len(channels) < len(wishes):
        return None
    return any(seen in group for group in channels)


def hour_words(hour: int) -> str:
    """An hour of the day: from when to when."""
    return f"{hour:02}:00–{(hour + 1) % 24:02}:00"
