"""What is about an erased person outside their own rows: export files, kept pages, addresses in others' words."""

from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client

from contacts.models import Company, Segment
from contacts.services.privacy import erase_contact
from contacts.tests.factories import make_contact
from core.exporting.forgetting import forget_old_exports
from core.models import ImportMapping, Job, SavedView
from core.privacy.mentions import LEFT_OUT, mention_columns
from core.privacy.scan import places
from core.privacy.scan.search import search
from core.registries import privacy
from core.services.exports import record_export
from core.tests.factories import make_user
from sales.tests.factories import make_deal

pytestmark = pytest.mark.django_db
ADDRESS = "zenobia.quimby@example.org"


def person() -> Any:
    return make_contact("Zenobia", "Quimby", email=ADDRESS, phone="+442079460958")


def left() -> int:
    return sum(search([ADDRESS, "+442079460958"], places.database()).hits.values())


def export_job(**values: Any) -> Job:
    name = default_storage.save("exports/contact-1.csv", ContentFile(b"zenobia.quimby@example.org"))
    return Job.objects.create(
        kind="core.export", title="Contacts", owner=make_user(), state="done",
        params={"record_type": "contact", "format": "csv", "query": f"?q={ADDRESS}"},
        result={"file": name, "rows": 1}, **values,
    )  # fmt: skip


def test_every_model_is_erased_or_searched_or_left_out_for_a_reason() -> None:
    """Whoever adds a model with words is in one of the three without doing anything."""
    covered = set(mention_columns()) | {source.model for source in privacy.sources()}
    assert {model._meta.label for model in covered} & set(LEFT_OUT) == set()
    for label in ("core.SavedView", "core.Job", "contacts.Segment", "contacts.Company", "core.OutboxEvent"):
        assert label in {model._meta.label for model in covered}


def test_address_in_the_words_of_others_is_forgotten_with_its_history() -> None:
    contact, owner = person(), make_user()
    view = SavedView.objects.create(
        owner=owner, record_type="contact", name="Zenobia", query=f"?q={ADDRESS.upper()}&sort=name"
    )
    rule = {"all": [{"field": "email", "op": "eq", "value": ADDRESS}]}
    segment = Segment.objects.create(name="One", rule=rule)
    company = Company.objects.create(
        name="Hive", sort_name="hive", description=f"write to <{ADDRESS}>, or call"
    )
    Company.objects.filter(pk=company.pk).update(description="nothing")
    job = Job.objects.create(kind="x", title="t", message=f"mail to {ADDRESS} bounced")
    erase_contact(actor=None, contact=contact)
    for row in (view, segment, company, job):
        row.refresh_from_db()
    assert view.query == "?q=erased&sort=name"
    assert segment.rule == {"all": [{"field": "email", "op": "eq", "value": "erased"}]}
    assert job.message == "mail to erased bounced"
    assert left() == 0


def test_columns_of_every_model_can_be_searched() -> None:
    """The statement is right for each of them, whatever its types are."""
    contact = person()
    Company.objects.create(name=f"{ADDRESS} & sons", sort_name="x", custom={"note": ADDRESS})
    erase_contact(actor=None, contact=contact)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, custom ->> 'note' FROM contacts_company")
        assert cursor.fetchall() == [("erased & sons", "erased")]


@pytest.mark.parametrize(
    "query",
    [
        "q=zenobia.quimby%40example.org",
        "q=Zenobia+Quimby",
        "q=zenobia%20quimby",
        "q=%2B44%2020%207946%200958",
        "phone=(020)+7946-0958",
    ],
)
def test_search_terms_are_forgotten_as_addresses_of_pages_write_them(query: str) -> None:
    contact, owner = person(), make_user()
    view = SavedView.objects.create(
        owner=owner, record_type="contact", name="One", query=f"{query}&sort=name"
    )
    erase_contact(actor=None, contact=contact)
    view.refresh_from_db()
    assert view.query == f"{query.partition('=')[0]}=erased&sort=name"


def test_numbers_that_only_resemble_a_telephone_number_stay() -> None:
    contact = person()
    kept = {"rows": 442079460958, "key": "9442079460958123", "said": "call +44 (0)20 7946-0958 now"}
    job = Job.objects.create(kind="x", title="t", result=kept)
    erase_contact(actor=None, contact=contact)
    job.refresh_from_db()
    assert job.result == {**kept, "said": "call erased now"}


def test_name_is_forgotten_in_what_colleagues_called_things_unless_it_is_anothers_too() -> None:
    contact, namesake = person(), make_contact("Bob", "Stone")
    make_contact("Bob", "Stone")
    firm = Company.objects.create(name="Zenobia Quimby & Sons", sort_name="zenobia")
    deal = make_deal(name="Honey for Zenobia Quimby")
    jobs = [Job.objects.create(kind="x", title=f"about {name}") for name in ("ZENOBIA  Quimby", "Bob Stone")]
    longer = Job.objects.create(kind="x", title="about Zenobia Quimbyson")
    for one in (contact, namesake):
        erase_contact(actor=None, contact=one)
    for row in (firm, deal, *jobs, longer):
        row.refresh_from_db()
    assert (deal.name, deal.sort_name) == ("Honey for erased", "honey for erased")
    assert [job.title for job in jobs] == ["about erased", "about Bob Stone"]
    assert longer.title == "about Zenobia Quimbyson"
    assert firm.name == "Zenobia Quimby & Sons", "a firm is not the person"


def test_name_with_accents_leaves_columns_to_sort_by_and_another_spelling_of_it_keeps_its_name() -> None:
    gone, stays = make_contact("Zoë", "Quimbý"), make_contact("Bob", "STONE")
    twin = make_contact("bob", "Stone")
    deal = make_deal(name="Honey for Zoë Quimbý")
    about = Job.objects.create(kind="x", title="about Bob Stone")
    for one in (gone, twin):
        erase_contact(actor=None, contact=one)
    deal.refresh_from_db()
    about.refresh_from_db()
    assert (deal.name, deal.sort_name) == ("Honey for erased", "honey for erased")
    assert about.title == "about Bob Stone", f"{stays} is somebody else"


def test_words_that_may_stand_there_once_do_not_keep_anybody_from_being_erased() -> None:
    contact, owner = person(), make_user()
    for name in (ADDRESS, "Zenobia Quimby"):
        ImportMapping.objects.create(owner=owner, target="contacts", name=name, mapping={})
    erase_contact(actor=None, contact=contact)
    rows = ImportMapping.objects.order_by("pk").values_list("pk", "name")
    assert [name for _pk, name in rows] == [f"erased {pk}" for pk, _name in rows]


def test_messages_that_wait_in_sessions_go_and_nobody_is_signed_out(client: Client) -> None:
    client.force_login(make_user())
    session = client.session
    session["_messages"] = "Zenobia Quimby was deleted"
    session.save()
    erase_contact(actor=None, contact=person())
    assert "_messages" not in client.session
    assert "_auth_user_id" in client.session


def test_shared_address_stays_where_it_is() -> None:
    contact = person()
    make_contact("Other", "Quimby", email=ADDRESS)
    job = Job.objects.create(kind="x", title="t", message=ADDRESS)
    erase_contact(actor=None, contact=contact)
    job.refresh_from_db()
    assert job.message == ADDRESS


def test_filters_of_an_export_stay_in_the_audit_without_the_erased_person() -> None:
    contact = person()
    entry = record_export(
        actor=None, record_type="contact", file_format="csv", query=f"q={quote(ADDRESS)}&sort=name"
    )
    erase_contact(actor=None, contact=contact)
    entry.refresh_from_db()
    assert entry.query == "q=erased&sort=name"
    assert left() == 0


def test_export_files_go_when_somebody_is_erased(run_on_commit: Any) -> None:
    contact, job = person(), export_job()
    with run_on_commit():
        erase_contact(actor=None, contact=contact)
    job.refresh_from_db()
    assert not default_storage.exists(job.result["file"])
    assert job.params["query"] == ""


def test_export_files_go_after_a_week(run_on_commit: Any) -> None:
    from datetime import timedelta

    from django.utils import timezone

    young, old = export_job(), export_job(created_at=timezone.now() - timedelta(days=8))
    with run_on_commit():
        assert forget_old_exports() == 1
    assert default_storage.exists(young.result["file"])
    assert not default_storage.exists(old.result["file"])
    assert forget_old_exports() == 0


def test_kept_dashboards_go(redis_server: Any) -> None:
    cache.set("dashboard:1", "Zenobia Quimby", 300)
    cache.set("other", "stays", 300)
    erase_contact(actor=None, contact=person())
    assert cache.get("dashboard:1") is None
    assert cache.get("other") == "stays"
