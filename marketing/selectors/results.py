"""What came of a campaign, counted; and single lines of its ledger."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from contacts.models import Contact
from marketing.enums import EngagementKind, Evidence, RecipientState
from marketing.models import Campaign, Engagement, Recipient


@dataclass(frozen=True)
class Progress:
    """How many lines of the ledger are in which state. `total` is who was to be written to."""

    queued: int = 0
    leased: int = 0
    sent: int = 0
    failed: int = 0
    suppressed: int = 0
    unknown: int = 0

    @property
    def waiting(self) -> int:
        return self.queued + self.leased

    @property
    def total(self) -> int:
        return self.waiting + self.sent + self.failed + self.unknown

    @property
    def done(self) -> int:
        return self.sent + self.failed + self.unknown


def progress_of(campaign: Campaign) -> Progress:
    """Counted over states. One query."""
    counts = campaign.recipients.order_by().values_list("state").annotate(Count("pk"))
    return Progress(**dict(counts))


def left_out_of(campaign: Campaign) -> list[tuple[str, int]]:
    """Reasons of lines that were left out or refused, most frequent first. One query."""
    rows = (
        campaign.recipients.exclude(reason="").order_by().values_list("reason").annotate(number=Count("pk"))
    )
    return sorted(rows, key=lambda row: -row[1])


@dataclass(frozen=True)
class Result:
    """People (not events) by what they did; `by_machine` were seen by proxies and scanners alone."""

    kind: str
    people: int
    by_machine: int
    events: int


def results_of(campaign: Campaign) -> dict[str, Result]:
    """One result per kind of engagement. `people` counts recipients with evidence of a person. One query."""
    human = Q(evidence=Evidence.HUMAN)
    rows = (
        Engagement.objects.filter(campaign=campaign)
        .order_by()
        .values("kind")
        .annotate(
            all_people=Count("recipient", distinct=True),
            people=Count("recipient", distinct=True, filter=human),
            events=Count("pk"),
        )
    )
    found = {
        row["kind"]: Result(row["kind"], row["people"], row["all_people"] - row["people"], row["events"])
        for row in rows
    }
    return {kind.value: found.get(kind.value, Result(kind.value, 0, 0, 0)) for kind in EngagementKind}


def with_results(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Each campaign with `sent` mails and the people who `opened` it or `clicked` in it, counted as by `results_of`:
    for the rows of a page."""
    human = Engagement.objects.filter(evidence=Evidence.HUMAN)
    return campaigns.annotate(
        sent=_counted(Recipient.objects.filter(state=RecipientState.SENT), "pk"),
        opened=_counted(human.filter(kind=EngagementKind.OPEN), "recipient"),
        clicked=_counted(human.filter(kind=EngagementKind.CLICK), "recipient"),
    )


def _counted(rows: QuerySet[Any], what: str) -> Coalesce:
    """How many of `rows` each campaign has, by their different values of `what`."""
    of_one = rows.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    counted = Subquery(of_one.annotate(number=Count(what, distinct=what != "pk")).values("number"))
    return Coalesce(counted, Value(0), output_field=IntegerField())


def clicks_by_link(campaign: Campaign) -> list[tuple[str, int, int]]:
    """(target, people, machines only) of each tracked link, most clicked first. Two queries."""
    rows = (
        Engagement.objects.filter(campaign=campaign, kind=EngagementKind.CLICK)
        .order_by()
        .values("recipient__variant_id", "link")
        .annotate(
            all_people=Count("recipient", distinct=True),
            people=Count("recipient", distinct=True, filter=Q(evidence=Evidence.HUMAN)),
        )
    )
    targets = dict(campaign.variants.values_list("pk", "targets"))
    named = [
        (targets[row["recipient__variant_id"]][row["link"]], row["people"], row["all_people"] - row["people"])
        for row in rows
        if 0 <= row["link"] < len(targets.get(row["recipient__variant_id"], []))
    ]
    return sorted(named, key=lambda one: (-one[1], -one[2], one[0]))


def recipients_of(campaign: Campaign, user: Any, state: str = "") -> QuerySet[Recipient]:
    """Lines of the ledger whose person `user` may see, oldest first, with the contact."""
    seen = Contact.all_objects.visible_to(user).filter(pk=OuterRef("contact_id"))
    rows = Recipient.objects.visible_to(user).filter(Exists(seen), campaign=campaign)
    if state in RecipientState.values:
        rows = rows.filter(state=state)
    return rows.select_related("contact").order_by("pk")


def recipient_by_token(recipient_id: int) -> Recipient | None:
    """The ledger line of a signed token: the signature is the permission."""
    return (
        Recipient.objects.select_related("campaign__topic", "variant", "contact")
        .filter(pk=recipient_id, address__isnull=False)
        .first()
    )
