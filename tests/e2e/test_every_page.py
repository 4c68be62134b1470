"""Every page on real demo data: no accessibility violation, no sideways scroll, no complaint of the browser,
wide and narrow (axe looks at each in light and dark)."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page

from contacts.models import Activity, Company, Contact, MergeLog, Persona, Segment, Suppression
from contacts.segmentation.upkeep import keep_up
from contacts.services.parties import update_contact
from core.models import CustomField, Document, File, User
from marketing.tests.factories import make_campaign
from sales.models import Deal, Order, Product
from service.models import SurveyRequest
from service.survey_links import survey_token
from service.tests.factories import make_ticket
from tests.e2e.assertions import assert_no_axe_violations, assert_no_sideways_scroll


@pytest.fixture
def paths(transactional_db: None) -> list[str]:
    """The pages to open, with a record behind each that needs one."""
    call_command("seed_demo", contacts=60, seed=3, stdout=io.StringIO())
    contact = Contact.objects.filter(company__isnull=False).order_by("-last_activity_at").first()
    assert contact is not None
    ticket, campaign = make_ticket(contact=contact), make_campaign(contact)
    deal, order, product, company = (model.objects.first() for model in (Deal, Order, Product, Company))
    document, file = Document.objects.first(), File.objects.first()
    assert document is not None
    assert file is not None
    segment = Segment.objects.get(name="Hot leads")
    persona = Persona.objects.get(segment=segment)
    keep_up()
    now = timezone.now()
    survey = SurveyRequest.objects.create(
        ticket=ticket, state="asked", due_at=now, asked_at=now, expires_at=now + timedelta(days=30)
    )
    activity = Activity.objects.filter(contact__isnull=False, due_at__isnull=False).first()
    assert activity is not None
    update_contact(actor=None, contact=contact, changes={"job_title": "Head of tests"})
    return [
        "/",
        "/contacts/",
        "/contacts/?lifecycle=customer&columns=name,email,tags,clv,churn",
        f"/contacts/{contact.pk}/?panel=*",
        "/contacts/new/",
        f"/contacts/{contact.pk}/edit/",
        f"/contacts/{contact.pk}/profile/",
        f"/contacts/companies/{contact.company_id}/profile/",
        "/settings/fields/",
        "/settings/fields/new/?type=company",
        f"/settings/fields/{CustomField.objects.order_by('pk').values_list('pk', flat=True)[0]}/",
        "/contacts/companies/",
        f"/contacts/companies/{company.pk}/?panel=*",
        "/contacts/duplicates/",
        "/contacts/companies/duplicates/",
        "/contacts/duplicates/settings/",
        f"/contacts/companies/{company.pk}/people/",
        f"/contacts/companies/{company.pk}/group/",
        f"/contacts/{contact.pk}/relationships/",
        f"/contacts/{contact.pk}/relationships/add/",
        f"/contacts/{contact.pk}/companies/add/",
        f"/contacts/{contact.pk}/addresses/add/",
        "/contacts/map/",
        "/contacts/companies/map/",
        "/contacts/lifecycle/",
        "/contacts/lifecycle/new/",
        "/tags/",
        "/documents/",
        f"/documents/{document.pk}/",
        "/documents/new/",
        f"/files/{file.pk}/preview/",
        f"/records/contact/{contact.pk}/comments/",
        f"/contacts/merge/?ids={contact.pk}",
        f"/contacts/merge/?ids={contact.pk},{Contact.objects.exclude(pk=contact.pk).first().pk}",
        "/contacts/merges/",
        f"/contacts/merges/{MergeLog.objects.first().pk}/",
        "/contacts/tasks/",
        "/contacts/quality/",
        "/contacts/quality/?type=company",
        "/contacts/quality/targets/",
        "/contacts/quality/standardise/",
        "/contacts/activities/",
        "/contacts/segments/",
        "/contacts/segments/new/",
        f"/contacts/segments/{segment.pk}/",
        f"/contacts/segments/{segment.pk}/edit/",
        f"/contacts/segments/{segment.pk}/why/?contact={contact.pk}",
        f"/contacts/segments/{segment.pk}/history/",
        f"/contacts/segments/{segment.pk}/overlap/?with={segment.pk - 1}",
        "/contacts/personas/",
        f"/contacts/personas/{persona.pk}/",
        "/contacts/personas/new/",
        "/sales/deals/",
        "/sales/deals/board/",
        "/sales/deals/map/",
        f"/sales/deals/{deal.pk}/",
        "/sales/deals/new/",
        f"/sales/deals/{deal.pk}/lines/",
        "/sales/products/",
        f"/sales/products/{product.pk}/",
        "/sales/orders/",
        "/sales/orders/map/",
        f"/sales/orders/{order.pk}/",
        "/service/tickets/",
        "/service/tickets/map/",
        f"/service/tickets/{ticket.pk}/",
        "/service/tickets/new/",
        "/service/mail/",
        "/service/surveys/",
        f"/s/{survey_token(survey.pk, survey.nonce)}/?score=4",
        "/marketing/campaigns/",
        f"/marketing/campaigns/{campaign.pk}/",
        f"/marketing/campaigns/{campaign.pk}/edit/",
        "/analytics/",
        "/analytics/models/",
        "/imports/",
        "/imports/new/",
        "/imports/mappings/",
        "/inbox/",
        "/jobs/",
        "/trash/",
        "/audit/",
        "/profile/",
        f"/records/contact/{contact.pk}/history/",
        f"/records/contact/{contact.pk}/history/?field=job_title",
        f"/records/contact/{contact.pk}/explain/",
        f"/contacts/activities/{activity.pk}/",
        f"/contacts/activities/{activity.pk}/edit/",
        "/accounts/password/change/",
        "/accounts/sessions/",
        "/offline/",
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
        f"/contacts/suppressions/{Suppression.objects.filter(source='Phone').get().pk}/",
        f"/contacts/{contact.pk}/consents/",
        f"/contacts/{contact.pk}/privacy/",
        "/p/",
        "/p/subscribe/",
        "/help/",
        "/no-such-page/",
    ]


@pytest.mark.slow
@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_every_page_is_sound(
    new_page: Callable[..., Page], paths: list[str], browser_faults: Any, phone: bool
) -> None:
    browser_faults.expect(r"status of 404")  # the page that is not there
    page = new_page(User.objects.get(email="admin@demo.example"), phone=phone)
    wrong = []
    for path in paths:
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
