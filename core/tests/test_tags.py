"""Tags: renamed, merged everywhere, taken away."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from contacts.models import Segment
from contacts.services.segments import create_segment
from contacts.tests.factories import make_company, make_contact
from core.models import SavedView, Tag
from core.outbox.dispatcher import drain
from core.selectors.tags import tags_with_uses
from core.services.tags import create_tag, delete_tag, merge_tags
from core.tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_merging_moves_every_use_and_what_asks_for_the_tags() -> None:
    both = make_contact(tags=["vip", "VIPs"])
    one, company = make_contact(tags=["VIPs"]), make_company(tags=["VIPs"])
    keep, gone = Tag.objects.get(name="vip"), Tag.objects.get(name="VIPs")
    rule = {"all": [{"not": {"field": "tags", "op": "in", "value": [gone.pk, keep.pk]}}]}
    segment = create_segment(actor=None, name="Important", rule=rule, owner=None)
    view = SavedView.objects.create(record_type="contact", name="x", query=f"tags={gone.pk},{keep.pk}&q=a")
    deals = SavedView.objects.create(record_type="deal", name="y", query=f"tag={gone.pk}")
    assert merge_tags(actor=None, tags=[keep, gone], into=keep) == 1
    drain()
    assert [list(r.tags.all()) for r in (both, one, company)] == [[keep]] * 3
    view.refresh_from_db()
    assert view.query == f"tags={keep.pk}&q=a"
    deals.refresh_from_db()
    assert deals.query == f"tag={keep.pk}"
    saved = Segment.objects.get(pk=segment.pk).rule
    assert saved == {"all": [{"not": {"field": "tags", "op": "in", "value": [keep.pk]}}]}
    uses = {tag.name: tag.uses for tag in tags_with_uses(make_user("marketing"))}
    assert uses == {"vip": 3}


def test_page_renames_refuses_a_double_and_merges() -> None:
    client = Client()
    client.force_login(make_user("marketing"))
    first, second = create_tag(actor=None, name="fair", colour=2), create_tag(actor=None, name="show")
    url = reverse("core:tag_update", args=[second.pk])
    assert client.post(url, {"name": "FAIR", "colour": "3"}).status_code == 422
    assert client.post(url, {"name": "trade  show", "colour": "3"}).status_code == 303
    second.refresh_from_db()
    assert (second.name, second.colour) == ("trade show", 3)
    make_contact(tags=["trade show"])
    page = client.get(reverse("core:tag_list")).content.decode()
    assert "1 record" in page
    client.post(reverse("core:tag_list"), {"tag": [first.pk], "into": first.pk})
    assert Tag.objects.count() == 2
    client.post(reverse("core:tag_list"), {"tag": [first.pk, second.pk], "into": first.pk})
    assert [(tag.name, tag.uses) for tag in tags_with_uses(make_user("marketing"))] == [("fair", 1)]


def test_readers_may_not_merge_or_remove() -> None:
    client, tag = Client(), create_tag(actor=None, name="a")
    other = create_tag(actor=None, name="b")
    client.force_login(make_user("readonly"))
    assert client.get(reverse("core:tag_list")).status_code == 200
    body = {"tag": [tag.pk, other.pk], "into": tag.pk}
    assert client.post(reverse("core:tag_list"), body).status_code == 403
    assert client.post(reverse("core:tag_remove", args=[tag.pk])).status_code == 403
    assert Tag.objects.count() == 2


def test_tag_needs_a_name_and_is_deleted_with_its_uses() -> None:
    with pytest.raises(ValidationError, match="Type a name"):
        create_tag(actor=None, name="  ")
    contact = make_contact(tags=["a"])
    delete_tag(actor=None, tag=Tag.objects.get())
    assert not contact.tags.exists()
