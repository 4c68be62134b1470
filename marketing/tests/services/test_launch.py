from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from contacts.models import Suppression
from core.models import User
from core.services.base import NotAllowed
from core.tests.factories import make_role, make_user
from marketing.enums import CampaignState, LeftOut, RecipientState
from marketing.models import Recipient
from marketing.selectors.audience import count_audience, people_of
from marketing.selectors.results import left_out_of, progress_of
from marketing.services.control import pause_campaign, resume_campaign
from marketing.services.launch import launch_campaign
from marketing.tests.factories import make_campaign, make_person

pytestmark = pytest.mark.django_db


def test_launch_writes_a_line_for_everybody_with_a_reason_for_each_left_out() -> None:
    Suppression.objects.create(address="stop@example.org", reach="marketing", cause="unsubscribed")
    people = {
        "": make_person("ann@example.org", first_name="Ann", last_name="Lee"),
        LeftOut.NO_ADDRESS: make_person(None),
        LeftOut.SUPPRESSED: make_person("stop@example.org"),
        LeftOut.WITHDRAWN: make_person(consent="withdrawn"),
        LeftOut.NO_CONSENT: make_person(consent=""),
        LeftOut.DO_NOT_CONTACT: make_person(do_not_contact=True),
        LeftOut.DUPLICATE_ADDRESS: make_person("ann@example.org"),
    }
    outsider = make_person()
    campaign = make_campaign(*people.values())

    assert launch_campaign(actor=None, campaign=campaign) == 1

    lines = {line.contact_id: line for line in campaign.recipients.all()}
    assert {contact.pk: lines[contact.pk].reason for contact in people.values()} == {
        contact.pk: reason for reason, contact in people.items()
    }
    assert outsider.pk not in lines
    ann = lines[people[""].pk]
    assert (ann.state, ann.address, ann.name) == (RecipientState.QUEUED, "ann@example.org", "Ann Lee")
    assert ann.values["first_name"] == "Ann"
    assert all(line.state == RecipientState.SUPPRESSED for line in lines.values() if line.pk != ann.pk)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.SENDING
    assert campaign.launched_at is not None
    assert campaign.variants.get().targets == ["https://shop.acme.test/news"]
    assert (progress_of(campaign).queued, progress_of(campaign).suppressed) == (1, 6)
    assert len(left_out_of(campaign)) == 6


def test_preview_count_says_what_the_launch_does() -> None:
    campaign = make_campaign(
        make_person(), make_person(None), make_person(consent=""), make_person("A@x.org")
    )
    assert campaign.segment is not None
    count = count_audience(people_of(campaign.segment, None), purpose="marketing", consent_needed=True)
    assert launch_campaign(actor=None, campaign=campaign) == count.sendable == 2
    assert count.left_out == dict(left_out_of(campaign)) == {"no_address": 1, "no_consent": 1}


def test_shared_address_goes_to_somebody_who_may_be_written_to() -> None:
    refuser = make_person("both@example.org", consent="withdrawn")
    willing = make_person("both@example.org")
    campaign = make_campaign(refuser, willing)
    launch_campaign(actor=None, campaign=campaign)
    assert campaign.recipients.get(state=RecipientState.QUEUED).contact == willing


def test_consent_is_not_needed_where_the_campaign_says_so_but_withdrawal_counts() -> None:
    campaign = make_campaign(make_person(consent=""), make_person(consent="withdrawn"), consent_needed=False)
    assert launch_campaign(actor=None, campaign=campaign) == 1


def test_newest_consent_counts() -> None:
    contact = make_person(consent="withdrawn")
    contact.consents.create(state="granted", source="form")
    campaign = make_campaign(contact)
    assert launch_campaign(actor=None, campaign=campaign) == 1


def test_launching_twice_writes_nothing_more() -> None:
    campaign = make_campaign(make_person())
    launch_campaign(actor=None, campaign=campaign)
    with pytest.raises(ValidationError, match="launched already"):
        launch_campaign(actor=None, campaign=campaign)
    assert campaign.recipients.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"subject": ""}, "subject"), ({"text": "{{ secret }}"}, "text"), ({"segment": None}, "segment")],
)
def test_launch_with_a_problem_names_the_field_and_writes_nothing(
    changes: dict[str, object], field: str
) -> None:
    campaign = make_campaign(make_person(), **changes)
    with pytest.raises(ValidationError) as caught:
        launch_campaign(actor=None, campaign=campaign)
    assert list(caught.value.message_dict) == [field]
    assert campaign.recipients.count() == 0


def test_launch_without_anybody_is_refused() -> None:
    campaign = make_campaign(make_person(None))
    with pytest.raises(ValidationError, match="Nobody in this segment"):
        launch_campaign(actor=None, campaign=campaign)
    assert campaign.recipients.count() == 0


def test_launch_needs_the_right_to_change_campaigns() -> None:
    campaign = make_campaign(make_person())
    with pytest.raises(NotAllowed):
        launch_campaign(actor=make_user("readonly"), campaign=campaign)
    assert campaign.recipients.count() == 0
    assert campaign.state == CampaignState.DRAFT


def test_address_stands_in_the_ledger_once() -> None:
    campaign = make_campaign(make_person("ann@example.org"))
    launch_campaign(actor=None, campaign=campaign)
    line = campaign.recipients.get()
    with pytest.raises(IntegrityError, match="marketing_recipient_once"), transaction.atomic():
        Recipient.objects.create(campaign=campaign, variant=line.variant, address="ann@example.org")
    with pytest.raises(IntegrityError, match="marketing_recipient_address"), transaction.atomic():
        Recipient.objects.create(campaign=campaign, variant=line.variant, address=None)


def test_launching_and_resuming_need_the_right_to_send() -> None:
    role = make_role("writers", contact="view:all", segment="view:all", campaign="view:all,change:all")
    writer = make_user(role)
    campaign = make_campaign(make_person())
    with pytest.raises(NotAllowed):
        launch_campaign(actor=writer, campaign=campaign)
    assert not Recipient.objects.exists()
    launch_campaign(actor=None, campaign=campaign)
    pause_campaign(actor=writer, campaign=campaign)
    with pytest.raises(NotAllowed):
        resume_campaign(actor=writer, campaign=campaign)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.PAUSED
    role.capabilities = ["send_campaigns"]
    role.save()
    resume_campaign(actor=User.objects.get(pk=writer.pk), campaign=campaign)
