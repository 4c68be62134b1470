"""Every page on real demo data: no accessibility violation, no sideways scroll, no complaint of the browser,
wide and narrow (axe looks at each in light and dark)."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page

from contacts.models import Activity, Company, Contact, MergeLog, Persona, Segment, Suppression
from contacts.segmentation.upkeep import keep_up
from contacts.services.activities import log_activity
from contacts.services.parties import update_contact
from core.models import CustomField, Document, File, User
from local.instance import PROJECT_ROOT
from marketing.models import Campaign
from marketing.tests.factories import make_campaign
from sales.models import Deal, Order, Product
from service.models import SurveyRequest, Ticket
from service.survey_links import survey_token
from service.tests.factories import make_ticket
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll


@dataclass(frozen=True)
class Rows:
    """A record behind each page that needs one."""

    contact: Contact
    company: Company
    activity: Activity
    segment: Segment
    persona: Persona
    document: Document
    file: File
    custom_field: CustomField
    merge: MergeLog
    suppression: Suppression
    deal: Deal
    order: Order
    product: Product
    ticket: Ticket
    survey: SurveyRequest
    campaign: Campaign


@pytest.fixture
def rows(transactional_db: None) -> Rows:
    """Demo data of today. Pages need rows of each kind, which the seed makes whatever the day and hour are."""
    call_command("seed_demo", contacts=60, seed=3, stdout=io.StringIO())
    contact = Contact.objects.filter(company__isnull=False, last_activity_at__isnull=False).latest(
        "last_activity_at", "pk"
    )
    ticket, segment = make_ticket(contact=contact), Segment.objects.get(name="Hot leads")
    activity = log_activity(
        actor=None,
        kind="task",
        contact=contact,
        subject="Call back",
        due_at=timezone.now() + timedelta(days=7),
    )
    update_contact(actor=None, contact=contact, changes={"job_title": "Head of tests"})
    keep_up()
    return Rows(
        contact=contact,
        company=_oldest(Company),
        activity=activity,
        segment=segment,
        persona=Persona.objects.get(segment=segment),
        document=_oldest(Document),
        file=_oldest(File),
        custom_field=_oldest(CustomField),
        merge=_oldest(MergeLog),
        suppression=Suppression.objects.get(source="Phone"),
        deal=_oldest(Deal),
        order=_oldest(Order),
        product=_oldest(Product),
        ticket=ticket,
        survey=_asked(ticket),
        campaign=make_campaign(contact),
    )


def _oldest(model: Any) -> Any:
    return model.objects.earliest("pk")


def _asked(ticket: Ticket) -> SurveyRequest:
    now = timezone.now()
    return SurveyRequest.objects.create(
        ticket=ticket, state="asked", due_at=now, asked_at=now, expires_at=now + timedelta(days=30)
    )


def contact_pages(rows: Rows) -> list[str]:
    contact, company = rows.contact.pk, rows.company.pk
    other = Contact.objects.exclude(pk=contact).earliest("pk").pk
    return [
        "/contacts/",
        "/contacts/?lifecycle=customer&columns=name,email,tags,clv,churn",
        f"/contacts/{contact}/?panel=*",
        "/contacts/new/",
        f"/contacts/{contact}/edit/",
        f"/contacts/{contact}/profile/",
        f"/contacts/companies/{rows.contact.company_id}/profile/",
        "/contacts/companies/",
        f"/contacts/companies/{company}/?panel=*",
        "/contacts/companies/new/",
        f"/contacts/companies/{company}/edit/",
        "/contacts/duplicates/",
        "/contacts/companies/duplicates/",
        "/contacts/duplicates/settings/",
        f"/contacts/companies/{company}/people/",
        f"/contacts/companies/{company}/group/",
        f"/contacts/{contact}/relationships/",
        f"/contacts/{contact}/relationships/add/",
        f"/contacts/{contact}/companies/add/",
        f"/contacts/{contact}/addresses/add/",
        "/contacts/map/",
        "/contacts/companies/map/",
        "/contacts/lifecycle/",
        "/contacts/lifecycle/new/",
        f"/contacts/merge/?ids={contact}",
        f"/contacts/merge/?ids={contact},{other}",
        "/contacts/merges/",
        f"/contacts/merges/{rows.merge.pk}/",
        "/contacts/tasks/",
        "/contacts/quality/",
        "/contacts/quality/?type=company",
        "/contacts/quality/targets/",
        "/contacts/quality/standardise/",
        "/contacts/activities/",
        f"/contacts/activities/{rows.activity.pk}/",
        f"/contacts/activities/{rows.activity.pk}/edit/",
    ]


def segment_pages(rows: Rows) -> list[str]:
    segment = rows.segment.pk
    return [
        "/contacts/segments/",
        "/contacts/segments/new/",
        f"/contacts/segments/{segment}/",
        f"/contacts/segments/{segment}/edit/",
        f"/contacts/segments/{segment}/why/?contact={rows.contact.pk}",
        f"/contacts/segments/{segment}/history/",
        f"/contacts/segments/{segment}/overlap/?with={segment - 1}",
        "/contacts/personas/",
        f"/contacts/personas/{rows.persona.pk}/",
        f"/contacts/personas/{rows.persona.pk}/edit/",
        "/contacts/personas/new/",
    ]


def privacy_pages(rows: Rows) -> list[str]:
    return [
        "/contacts/privacy/",
        "/contacts/privacy/new/",
        "/contacts/privacy/processing/",
        "/contacts/privacy/retention/",
        "/contacts/privacy/holds/",
        "/contacts/privacy/settings/",
        "/contacts/privacy/wordings/",
        "/contacts/privacy/wordings/marketing/new/",
        "/contacts/suppressions/",
        "/contacts/suppressions/new/",
        "/contacts/suppressions/import/",
        f"/contacts/suppressions/{rows.suppression.pk}/",
        f"/contacts/{rows.contact.pk}/consents/",
        f"/contacts/{rows.contact.pk}/privacy/",
        "/p/",
        "/p/subscribe/",
    ]


def sales_pages(rows: Rows) -> list[str]:
    return [
        "/sales/deals/",
        "/sales/deals/board/",
        "/sales/deals/map/",
        f"/sales/deals/{rows.deal.pk}/",
        "/sales/deals/new/",
        f"/sales/deals/{rows.deal.pk}/lines/",
        f"/sales/deals/{rows.deal.pk}/edit/",
        f"/sales/deals/{rows.deal.pk}/lose/",
        "/sales/products/",
        "/sales/products/new/",
        f"/sales/products/{rows.product.pk}/",
        f"/sales/products/{rows.product.pk}/edit/",
        "/sales/orders/",
        "/sales/orders/map/",
        "/sales/orders/new/",
        f"/sales/orders/{rows.order.pk}/",
        f"/sales/orders/{rows.order.pk}/edit/",
    ]


def service_pages(rows: Rows) -> list[str]:
    return [
        "/service/tickets/",
        "/service/tickets/map/",
        f"/service/tickets/{rows.ticket.pk}/",
        f"/service/tickets/{rows.ticket.pk}/edit/",
        "/service/tickets/new/",
        "/service/mail/",
        "/service/surveys/",
        f"/s/{survey_token(rows.survey.pk, rows.survey.nonce)}/?score=4",
        "/help/",
    ]


def marketing_pages(rows: Rows) -> list[str]:
    return [
        "/marketing/campaigns/",
        f"/marketing/campaigns/{rows.campaign.pk}/",
        f"/marketing/campaigns/{rows.campaign.pk}/edit/",
    ]


def core_pages(rows: Rows) -> list[str]:
    record = f"/records/contact/{rows.contact.pk}"
    return [
        "/",
        "/analytics/",
        "/analytics/models/",
        "/settings/fields/",
        "/settings/fields/new/?type=company",
        f"/settings/fields/{rows.custom_field.pk}/",
        "/tags/",
        "/tags/new/",
        "/documents/",
        f"/documents/{rows.document.pk}/",
        f"/documents/{rows.document.pk}/edit/",
        "/documents/new/",
        f"/files/{rows.file.pk}/preview/",
        f"{record}/comments/",
        f"{record}/history/",
        f"{record}/history/?field=job_title",
        f"{record}/explain/",
        "/imports/",
        "/imports/new/",
        "/imports/mappings/",
        "/inbox/",
        "/jobs/",
        "/trash/",
        "/audit/",
        "/profile/",
        "/accounts/password/change/",
        "/accounts/sessions/",
        "/accounts/2fa/",
        "/offline/",
        "/no-such-page/",
    ]


ROOMS = (
    core_pages, contact_pages, segment_pages, privacy_pages, sales_pages, service_pages, marketing_pages,
)  # fmt: skip


def test_dark_differs_from_light_in_colours_alone() -> None:
    """A scheme is chosen by `color-scheme` and `light-dark()`, which can give a colour and nothing else: no rule
    and no script asks for the scheme to show, hide or move anything."""
    built = [path for path in (PROJECT_ROOT / "static/dist").rglob("*") if path.suffix in (".css", ".js")]
    assert "light-dark(" in (PROJECT_ROOT / "static/dist/css/app.css").read_text(encoding="utf-8")
    asking = [path.name for path in built if "prefers-color-scheme" in path.read_text(encoding="utf-8")]
    assert asking == []


def test_a_colour_that_fails_in_the_dark_alone_is_seen(new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.set_content(
        '<html lang="en" style="color-scheme: light dark; background: light-dark(#fff, #000)"><title>A page</title>'
        '<main><h1 style="color: light-dark(#000, #fff)">Page</h1>'
        '<p style="color: light-dark(#000, #222)">Words</p></main></html>'
    )
    with pytest.raises(AssertionError, match=r"\Adark: color-contrast: .*\['p'\]"):
        assert_no_axe_violations(page)


@pytest.mark.slow
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_every_page_is_sound(
    new_page: Callable[..., Page], rows: Rows, browser_faults: Any, phone: bool
) -> None:
    browser_faults.expect(r"status of 404")  # the page that is not there
    page = new_page(User.objects.get(email="admin@demo.example"), phone=phone)
    wrong = []
    for path in (path for room in ROOMS for path in room(rows)):
        response = page.goto(path)
        assert response is not None
        if response.status >= 400 and path != "/no-such-page/":
            wrong.append(f"{path}: {response.status}")
            continue
        for check in (assert_no_axe_violations, assert_no_sideways_scroll):
            try:
                check(page)
            except AssertionError as error:
                wrong.append(f"{path}: {str(error)[:600]}")
    assert not wrong, "\n".join(wrong)
