"""What people asked about their data, a legal hold, preferences and retention policies."""

from collections.abc import Sequence
from datetime import timedelta

from contacts.enums import RequestKind, RequestState
from contacts.models import Contact, ContactPreference, LegalHold, PrivacyRequest, Suppression
from contacts.services.requests import one_month_after
from core.models import RetentionPolicy, User
from demo.parties import Known
from demo.world import World

REQUESTS = (
    # (who, what, how it came, days ago, what they wrote)
    (3, RequestKind.ACCESS, "Letter", 4, "Please send me everything that you keep about me."),
    (5, RequestKind.ERASURE, "Preference centre (link sent on request)", 9, ""),
    (8, RequestKind.OBJECTION, "Phone", 34, "No calls at the office any more."),
)


def seed_privacy(world: World, known: Sequence[Known]) -> None:
    """A few rows of each, on the first contacts of the demonstration."""
    if len(known) < 12:
        return
    officer = User.objects.filter(email="admin@demo.example").first()
    for place, kind, source, days, details in REQUESTS:
        received = world.now - timedelta(days=days)
        PrivacyRequest.objects.create(
            contact_id=known[place].id,
            kind=kind,
            source=source,
            details=details,
            received_at=received,
            due_at=one_month_after(received),
            owner=officer,
        )
    _seed_hold(world, known[10].id, officer)
    waiting = Contact.objects.get(pk=known[11].id)
    received = world.now - timedelta(days=1)
    PrivacyRequest.objects.create(
        contact=waiting,
        kind=RequestKind.CORRECTION,
        source="Preference centre (link sent on request)",
        changes={"applied": ["city"], "waiting": {"email": f"new.{waiting.pk}@example.net"}},
        received_at=received,
        due_at=one_month_after(received),
    )
    ContactPreference.objects.bulk_create(
        ContactPreference(contact_id=one.id, frequency=frequency, paused_until=until)
        for one, frequency, until in (
            (known[1], "weekly", None),
            (known[2], "monthly", None),
            (known[4], "any", (world.now + timedelta(weeks=4)).date()),
        )
    )
    _seed_policies()
    _seed_suppressions(world, known)


def _seed_suppressions(world: World, known: Sequence[Known]) -> None:
    """What colleagues wrote down, beside those who left by the link in a mailing."""
    entries = (
        (known[9].email, "all", "manual", "Phone", "Wants no mail of any kind from us"),
        ("postmaster@acme.example", "marketing", "manual", "List of the former newsletter", ""),
        ("info@closed-shop.example", "marketing", "bounced", "List of the former newsletter", ""),
        ("angry@reader.example", "marketing", "complained", "Complaint of a mail provider", ""),
    )
    Suppression.objects.bulk_create(
        [
            Suppression(
                address=address, reach=reach, cause=cause, source=source, note=note,
                at=world.now - timedelta(days=20 + 9 * place),
            )
            for place, (address, reach, cause, source, note) in enumerate(entries)
            if address
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _seed_hold(world: World, contact_id: int, officer: User | None) -> None:
    """Somebody who asked to be erased while a lawsuit needs the papers."""
    placed = world.now - timedelta(days=60)
    LegalHold.objects.create(
        contact_id=contact_id,
        reason="Lawsuit about invoice 2041",
        until=(world.now + timedelta(days=300)).date(),
        placed_at=placed,
        placed_by=officer,
    )
    received = world.now - timedelta(days=12)
    PrivacyRequest.objects.create(
        contact_id=contact_id,
        kind=RequestKind.ERASURE,
        state=RequestState.HELD,
        source="E-mail",
        received_at=received,
        due_at=one_month_after(received),
        owner=officer,
    )


def _seed_policies() -> None:
    leads = {"all": [{"field": "lifecycle", "op": "in", "value": ["lead", "subscriber"]}]}
    former = {"all": [{"field": "lifecycle", "op": "in", "value": ["former"]}]}
    RetentionPolicy.objects.create(
        name="Leads that came to nothing", applies_to="contact", condition=leads, moment="activity_at",
        days=730, action="review", is_active=True,
    )  # fmt: skip
    RetentionPolicy.objects.create(
        name="Former customers", applies_to="contact", condition=former, moment="activity_at",
        days=3650, action="anonymise", is_active=False,
    )  # fmt: skip
