"""Segments, past campaigns with what came of them, and a draft that waits to be sent."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from contacts.models import Persona, Segment, Suppression, TimelineEntry
from demo.copying import copy_rows, reserve_ids
from demo.parties import Known
from demo.segment_history import seed_passages
from demo.world import World
from marketing.enums import CampaignState, EngagementKind, Evidence, LeftOut, RecipientState
from marketing.models import Campaign, Engagement, Recipient, Topic, Variant

SENDER = "news@demo.example"
LARGEST = 600
"""People per past campaign: enough to look at, few enough for a quick start."""
PAST = (
    ("Spring catalogue", 250, 'The spring catalogue is here, {{ first_name|fallback:"you" }}'),
    ("Summer service week", 160, "Book your summer service"),
    ("Autumn news", 75, "What is new this autumn"),
    (
        "Winter offer",
        20,
        '{{ first_name|fallback:"Hello" }}, a winter offer for {{ company|fallback:"you" }}',
    ),
)
SEGMENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Customers who may be mailed", {"all": [
        {"field": "lifecycle", "op": "in", "value": ["customer"]}, {"field": "consent", "op": "is", "value": True},
    ]}),
    ("Leads and subscribers", {"all": [
        {"field": "lifecycle", "op": "in", "value": ["lead", "subscriber"]},
    ]}),
    ("Quiet for half a year", {"all": [
        {"field": "lifecycle", "op": "in", "value": ["customer", "opportunity"]},
        {"field": "activities.count", "op": "is", "value": 0, "last": 180},
    ]}),
    ("Regular buyers", {"all": [
        {"field": "orders.count", "op": "gte", "value": 3, "last": 365},
        {"field": "purchases.total", "op": "gt", "value": 500, "last": 365},
    ]}),
    ("At risk of leaving", {"all": [
        {"field": "churn_band", "op": "in", "value": ["at_risk"]},
        {"not": {"any": [
            {"field": "has_open_deal", "op": "is", "value": True},
            {"field": "do_not_contact", "op": "is", "value": True},
        ]}},
    ]}),
    ("Need a hand", {"any": [
        {"field": "has_overdue_ticket", "op": "is", "value": True},
        {"field": "tickets.count", "op": "gte", "value": 2, "last": 30},
    ]}),
    ("Hot leads", {"all": [
        {"field": "lifecycle", "op": "in", "value": ["lead", "opportunity"]},
        {"field": "activities.count", "op": "gte", "value": 2, "last": 30,
         "where": {"field": "kind", "op": "in", "value": ["call", "meeting", "email"]}},
    ]}),
    ("Readers of the newsletter", {"all": [
        {"field": "consent", "op": "is", "value": True},
        {"any": [
            {"field": "mail_clicks.count", "op": "gte", "value": 1, "last": 365},
            {"field": "mail_opens.count", "op": "gte", "value": 2, "last": 365},
        ]},
    ]}),
    ("New customers", {"all": [
        {"field": "created", "op": "in_last", "value": 90},
        {"field": "lifecycle", "op": "in", "value": ["customer"]},
    ]}),
    ("German-speaking countries", {"any": [
        {"field": "country", "op": "is", "value": code} for code in ("DE", "AT", "CH")
    ]}),
)  # fmt: skip
PERSONAS = (
    (
        "Regular Ruth",
        "Regular buyers",
        "Runs purchasing in a firm of fifty and orders what she knows, several times a year.",
        "Delivery on the promised day; one person who knows her account.",
        "Price lists that change without a word; forms that ask what we know already.",
        "Short mails with the numbers in them. Call in the morning.",
    ),
    (
        "Curious Carl",
        "Hot leads",
        "Compares three suppliers, has a budget for this quarter and asks good questions.",
        "References from his own industry and a trial without a contract.",
        "Waiting for an answer over a weekend.",
        "Answer within the day; a meeting is worth more than a brochure.",
    ),
)
TEXT = (
    'Hi {{ first_name|fallback:"there" }},\n\nthe details are on our site: https://shop.demo.example/news\n'
)
HTML = (
    "<style>h1 { color: #1f3a93 } a { color: #1f3a93 }</style><h1>{title}</h1>"
    '<p>Hi {{{{ first_name|fallback:"there" }}}},</p>'
    '<p>the details are on our site. <a href="https://shop.demo.example/news">See what is new</a></p>'
)
Entry = tuple[Any, ...]


def seed_mailings(world: World, known: list[Known]) -> int:
    """Returns how many lines they put on timelines."""
    owner = world.marketers[0]
    segments = [
        Segment.objects.create(name=name, rule=rule, owner=owner, team=owner.team) for name, rule in SEGMENTS
    ]
    seed_passages(world, segments, known)
    by_name = {segment.name: segment for segment in segments}
    for name, group, description, goals, frustrations, approach in PERSONAS:
        Persona.objects.create(
            name=name, segment=by_name[group], description=description, goals=goals,
            frustrations=frustrations, approach=approach, owner=owner, team=owner.team,
        )  # fmt: skip
    topic = Topic.objects.create(key="marketing", name="News and offers")
    entries: list[Entry] = []
    for name, days, subject in PAST:
        launched = world.now - timedelta(days=days, hours=7)
        campaign = _campaign(world, name, segments[0], topic, subject, launched)
        variant = campaign.variants.get()
        audience = [one for one in known if one.created < launched]
        chosen = world.random.sample(audience, min(LARGEST, len(audience)))
        _ledger(world, campaign, variant, chosen, launched, entries)
    _campaign(world, "New year greetings", segments[0], topic, "A good new year, {{ first_name }}", None)
    names = ("contact", "kind", "occurred_at", "title", "body", "data", "object_id", "dedupe_key")
    return copy_rows(TimelineEntry, names, entries, record_type="campaign")


def _campaign(
    world: World, name: str, segment: Segment, topic: Topic, subject: str, launched: datetime | None
) -> Campaign:
    owner = world.marketers[0]
    campaign = Campaign.objects.create(
        name=name,
        segment=segment,
        topic=topic,
        from_name="Meridian Demo",
        from_address=SENDER,
        owner=owner,
        team=owner.team,
        state=CampaignState.FINISHED if launched else CampaignState.DRAFT,
        launched_at=launched,
        finished_at=launched + timedelta(minutes=4) if launched else None,
        created_at=(launched or world.now) - timedelta(days=2),
    )
    targets = ["https://shop.demo.example/news"] if launched else []
    html = HTML.replace("{title}", name).replace("{{{{", "{{").replace("}}}}", "}}")
    Variant.objects.create(campaign=campaign, subject=subject, text=TEXT, html=html, targets=targets)
    return campaign


def _ledger(
    world: World,
    campaign: Campaign,
    variant: Variant,
    chosen: list[Known],
    launched: datetime,
    entries: list[Entry],
) -> None:
    """One line for everybody: most sent, some left out, and what the readers and machines did."""
    events: list[Entry] = []
    leavers: dict[str, datetime] = {}
    ids = reserve_ids(Recipient, len(chosen))

    def rows() -> Iterator[Entry]:
        for number, (pk, contact) in enumerate(zip(ids, chosen, strict=True)):
            chance = world.random.random()
            sent_at = launched + timedelta(milliseconds=400 * number)
            state, reason, reply = RecipientState.SENT, "", ""
            if chance < 0.06:
                state, reason = RecipientState.SUPPRESSED, LeftOut.NO_CONSENT
            elif chance < 0.075:
                state, reason = RecipientState.FAILED, LeftOut.REFUSED
                reply = "550 5.2.2 mailbox full"
            sent = state == RecipientState.SENT
            name = f"{contact.person.given} {contact.person.family}"
            yield (pk, contact.id, contact.email, name, state, reason, reply, sent_at if sent else None)
            if sent:
                _reader(world, campaign, pk, contact, sent_at, events, entries, leavers)

    names = ("id", "contact", "address", "name", "state", "reason", "reply", "sent_at")
    copy_rows(Recipient, names, rows(), campaign=campaign.pk, variant=variant.pk)
    events_of = ("recipient", "kind", "evidence", "link", "first_at", "last_at", "times")
    copy_rows(Engagement, events_of, events, campaign=campaign.pk)
    suppressions = [Suppression(address=one, cause="unsubscribed", at=at) for one, at in leavers.items()]
    Suppression.objects.bulk_create(suppressions, ignore_conflicts=True)


def _reader(
    world: World,
    campaign: Campaign,
    pk: int,
    contact: Known,
    sent_at: datetime,
    events: list[Entry],
    entries: list[Entry],
    leavers: dict[str, datetime],
) -> None:
    """What one recipient, or a machine on the way, did with the mail."""
    random = world.random

    def entry(kind: str, at: datetime, **data: str) -> None:
        contact.touch(at)
        key = f"campaign:{campaign.pk}:{pk}:{kind}"
        entries.append((contact.id, f"campaign.{kind}", at, campaign.name, "", data, campaign.pk, key))

    def event(kind: EngagementKind, evidence: Evidence, link: int = -1) -> datetime:
        at = min(sent_at + timedelta(minutes=random.randint(1, 3000)), world.now)
        events.append((pk, kind, evidence, link, at, at, random.randint(1, 3)))
        return at

    entry("sent", sent_at)
    chance = random.random()
    if chance < 0.24:
        at = event(EngagementKind.OPEN, Evidence.HUMAN)
        entry("opened", at, evidence="human")
    elif chance < 0.52:
        event(EngagementKind.OPEN, Evidence.PROXY)
    if chance < 0.07:
        at = event(EngagementKind.CLICK, Evidence.HUMAN, 0)
        entry("clicked", at, evidence="human", target="https://shop.demo.example/news")
    elif chance > 0.96:
        event(EngagementKind.CLICK, Evidence.SCANNER, 0)
    if chance < 0.004:
        at = event(EngagementKind.UNSUBSCRIBE, Evidence.HUMAN)
        entry("unsubscribed", at, evidence="human")
        leavers[contact.email] = at
