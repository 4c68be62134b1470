"""The list page: scope, filters, sort, pages, columns, files, bulk actions, and what it costs."""

import re
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import File, Job, User
from core.registries import columns
from core.registries.columns import BulkAction
from core.services.base import StaleRecord
from core.tests.factories import make_team, make_user
from core.ui.tests.conftest import grant, make_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("file_pages")]
FRAGMENT = {"HX-Request": "true"}


def ids_of(response: Any) -> list[int]:
    return [int(pk) for pk in re.findall(r'<tr data-row="(\d+)"', response.content.decode())]


def test_list_shows_rows_in_order_and_pages_by_cursor(person: User, client_of: Any) -> None:
    made = [make_file(person).pk for _ in range(12)]
    client = client_of(person)
    first = client.get("/files/")
    assert ids_of(first) == made[:5]
    second = client.get("/files/" + first.context["pages"]["next"])
    assert ids_of(second) == made[5:10]
    last = client.get("/files/" + first.context["pages"]["last"])
    assert ids_of(last) == made[7:]
    before = client.get("/files/" + last.context["pages"]["previous"])
    assert ids_of(before) == made[2:7]


def test_list_sorts_by_the_column_in_the_url(person: User, client_of: Any) -> None:
    made = [make_file(person).pk for _ in range(3)]
    assert ids_of(client_of(person).get("/files/?sort=-size")) == made[::-1]
    assert ids_of(client_of(person).get("/files/?sort=nonsense")) == made


def test_list_with_a_cursor_of_another_list_starts_at_the_beginning(person: User, client_of: Any) -> None:
    made = [make_file(person).pk for _ in range(6)]
    assert ids_of(client_of(person).get("/files/?cursor=invented")) == made[:5]


def test_list_shows_only_what_the_person_may_see(client_of: Any) -> None:
    user = make_user(team=make_team())
    grant(user, view="own")
    mine = make_file(user)
    make_file(make_user())
    response = client_of(user).get("/files/")
    assert ids_of(response) == [mine.pk]
    assert response.context["count"] == 1


def test_list_without_the_capability_is_refused(client_of: Any) -> None:
    assert client_of(make_user()).get("/files/").status_code == 403


def test_list_asks_for_a_sign_in_and_a_fragment_reloads_the_page(client: Any) -> None:
    assert client.get("/files/").status_code == 302
    fragment = client.get("/files/", headers=FRAGMENT)
    assert (fragment.status_code, fragment["HX-Refresh"]) == (401, "true")


def test_filters_narrow_the_list_and_stand_as_chips(person: User, client_of: Any) -> None:
    wanted = make_file(person, media_type="text/html")
    make_file(person)
    response = client_of(person).get("/files/?type=html")
    assert ids_of(response) == [wanted.pk]
    assert [chip.value for chip in response.context["chips"]] == ["html"]


def test_a_wrong_filter_is_told_and_left_out(person: User, client_of: Any) -> None:
    made = make_file(person)
    response = client_of(person).get("/files/?size=abc")
    assert ids_of(response) == [made.pk]
    assert "needs a number" in response.content.decode()


def test_filter_form_leads_to_the_url_of_the_filter(person: User, client_of: Any) -> None:
    client = client_of(person)
    form = client.get("/files/?filter=size&op=between&form=1", headers=FRAGMENT)
    assert form.content.decode().count('name="value"') == 2
    chosen = client.get("/files/?filter=size&op=between&value=1&value=9&sort=-size")
    assert chosen["Location"] == "?sort=-size&size__between=1,9"
    wrong = client.get("/files/?filter=size&op=gte&value=abc", headers=FRAGMENT)
    assert "needs a number" in wrong.content.decode()


def test_fields_to_filter_by_are_read_when_the_menu_opens(person: User, client_of: Any) -> None:
    client = client_of(person)
    assert "filter=size" not in client.get("/files/").content.decode()
    fields = client.get("/files/?filter=*", headers=FRAGMENT).content.decode()
    assert "?filter=size" in fields
    assert "<html" not in fields
    page = client.get("/files/?filter=*&sort=-size").content.decode()  # without scripts: a whole page
    assert "<html" in page
    assert "?filter=size&amp;sort=-size" in page


def test_filter_that_is_there_is_edited_in_its_place(person: User, client_of: Any) -> None:
    client = client_of(person)
    query = "type=pdf&size__gte=4&size__lte=9"
    page = client.get(f"/files/?{query}").content.decode()
    assert "filter=size&amp;op=gte&amp;edit=size__gte&amp;form=1&amp;value=4" in page
    asked = f"/files/?{query}&filter=size&op=gte&edit=size__gte&form=1&value=4"
    form = client.get(asked, headers=FRAGMENT).content.decode()
    assert 'name="value" value="4"' in form
    assert '<input type="hidden" name="edit" value="size__gte">' in form
    assert 'name="value" value="4"' in client.get(asked).content.decode()  # without scripts: a whole page
    changed = client.get(f"/files/?{query}&filter=size&op=is&edit=size__gte&value=5")
    assert changed["Location"] == "?type=pdf&size__lte=9&size=5"
    wrong = client.get(f"/files/?{query}&filter=size&op=is&edit=size__gte&value=x").content.decode()
    assert "needs a number" in wrong


def test_nested_condition_is_read_aloud_and_can_be_removed(person: User, client_of: Any) -> None:
    where = '{"any":[{"field":"size","op":"gte","value":5},{"field":"type","op":"is","value":"pdf"}]}'
    response = client_of(person).get("/files/", {"where": where})
    (chip,) = response.context["chips"]
    assert (chip.parameter, chip.value, chip.op) == ("where", "Size is at least 5 or Type is pdf", "")
    assert 'aria-label="Remove filter Condition"' in response.content.decode()


def test_columns_are_those_of_the_url_and_never_hidden_ones(person: User, client_of: Any) -> None:
    make_file(person)
    client = client_of(person)
    heads = [h.label for h in client.get("/files/?columns=size,owner").context["headings"]]
    assert heads == ["Name", "Size", "Owner"]
    person.roles.get().grants.update(hidden_fields=["owner"])
    shown = client_of(User.objects.get(pk=person.pk)).get("/files/?columns=size,owner")
    assert [h.label for h in shown.context["headings"]] == ["Name", "Size"]


def test_the_list_costs_the_same_queries_for_one_and_for_five_rows(person: User, client_of: Any) -> None:
    client = client_of(person)
    make_file(make_user())
    client.get("/files/")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/files/")
    for _ in range(4):
        make_file(make_user())
    with CaptureQueriesContext(connection) as five:
        assert len(ids_of(client.get("/files/"))) == 5
    assert len(one) == len(five)
    assert len(five) <= 15


def test_markup_in_data_is_escaped(person: User, client_of: Any) -> None:
    make_file(person, name="<script>alert(1)</script>", media_type='"><img src=x>')
    page = client_of(person).get("/files/").content.decode()
    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page


def test_csv_holds_every_row_and_no_formula(person: User, client_of: Any) -> None:
    for _ in range(6):
        make_file(person)
    make_file(person, name="=1+1")
    response = client_of(person).get("/files/?format=csv")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Meridian id,Name,Type,Owner"
    assert len(lines) == 8
    assert lines[1].split(",")[1:3] == ["'=1+1", "text/plain"]


def test_csv_needs_the_right_to_export(client_of: Any) -> None:
    user = make_user()
    grant(user, view="all")
    assert client_of(user).get("/files/?format=csv").status_code == 403


def test_bulk_action_changes_the_chosen_rows_and_can_be_undone(person: User, client_of: Any) -> None:
    chosen, other = make_file(person), make_file(person)
    client = client_of(person)
    response = client.post("/files/", {"action": "html", "ids": [chosen.pk]})
    assert response.status_code == 303
    assert File.objects.get(pk=chosen.pk).media_type == "text/html"
    assert File.objects.get(pk=other.pk).media_type == "text/plain"
    said = list(get_messages(response.wsgi_request))[-1]
    client.post(str(said.extra_tags).removeprefix("undo:"))
    assert File.objects.get(pk=chosen.pk).media_type == "text/plain"


def test_bulk_action_is_begun_anew_where_a_row_was_saved_in_between(
    person: User, client_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, tries = make_file(person), []

    def rename(*, actor: Any, queryset: Any, data: Any) -> int:
        tries.append(queryset.get().name)
        queryset.update(name=f"{len(tries)}.txt")
        if len(tries) < 3:
            raise StaleRecord(made)
        return 1

    monkeypatch.setitem(
        columns._actions["file"], "anew", BulkAction("anew", "Anew", "code", "change", rename)
    )
    answer = client_of(person).post("/files/", {"action": "anew", "ids": [made.pk]})
    assert answer.status_code == 303
    assert tries == [made.name] * 3  # what an attempt wrote before it failed is gone
    assert File.objects.get(pk=made.pk).name == "3.txt"


def test_bulk_action_leaves_rows_out_of_scope_alone(client_of: Any) -> None:
    user = make_user()
    grant(user, view="all", change="own")
    foreign = make_file(make_user())
    client_of(user).post("/files/", {"action": "html", "ids": [foreign.pk]})
    assert File.objects.get(pk=foreign.pk).media_type == "text/plain"


def test_bulk_action_without_the_right_is_refused(client_of: Any) -> None:
    user = make_user()
    grant(user, view="all")
    made = make_file(user)
    assert client_of(user).post("/files/", {"action": "html", "ids": [made.pk]}).status_code == 403
    assert File.objects.get(pk=made.pk).media_type == "text/plain"


def test_bulk_action_on_many_rows_asks_for_the_number_and_becomes_a_job(person: User, client_of: Any) -> None:
    from core.jobs.running import run

    for _ in range(101):
        make_file(person)
    client = client_of(person)
    asked = client.post("/files/", {"action": "html", "everything": "1"})
    assert asked.status_code == 200
    assert "Type 101 to go on" in asked.content.decode()
    wrong = client.post("/files/", {"action": "html", "everything": "1", "confirmed": "1", "number": "5"})
    assert wrong.status_code == 422
    sent = client.post("/files/", {"action": "html", "everything": "1", "confirmed": "1", "number": "101"})
    job = Job.objects.get(kind="bulk")
    assert sent["Location"] == f"/jobs/{job.pk}/"
    run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"changed": 101})
    assert File.objects.filter(media_type="text/html").count() == 101


def test_search_box_narrows_the_list(person: User, client_of: Any) -> None:
    wanted = make_file(person, name="Zebra")
    make_file(person)
    assert ids_of(client_of(person).get("/files/?q=zeb")) == [wanted.pk]


def test_a_saved_view_becomes_a_tab_that_others_only_see_when_shared(person: User, client_of: Any) -> None:
    client, other = client_of(person), make_user()
    grant(other, view="all")
    sent = client.post("/views/file/", {"name": "Big ones", "query": "?size__gte=5&cursor=x"})
    assert "size__gte=5&view=" in sent["Location"]
    page = client.get(sent["Location"])
    assert [(v.name, v.current, v.changed) for v in page.context["views"]] == [("Big ones", True, False)]
    changed = client.get(sent["Location"].replace("gte=5", "gte=9"))
    assert changed.context["views"][0].changed
    assert client_of(other).get("/files/").context["views"] == []
    refused = client.post("/views/file/", {"name": "All", "query": "", "visibility": "everyone"})
    assert refused.status_code == 403


def test_a_view_of_somebody_else_can_not_be_removed(person: User, client_of: Any) -> None:
    from core.models import SavedView

    client_of(person).post("/views/file/", {"name": "Mine", "query": ""})
    view = SavedView.objects.get()
    assert client_of(make_user()).post(f"/view/{view.pk}/", {"do": "delete"}).status_code == 404
    assert SavedView.objects.count() == 1
    client_of(person).post(f"/view/{view.pk}/", {"do": "delete"})
    assert SavedView.objects.count() == 0


def test_a_view_is_shared_and_taken_back_by_its_owner(person: User, client_of: Any) -> None:
    from core.models import SavedView

    role = person.roles.get()
    role.capabilities = ["share_views"]
    role.save()
    other = make_user()
    grant(other, view="all")
    client_of(person).post("/views/file/", {"name": "Mine", "query": ""})
    view = SavedView.objects.get()
    for visibility, tabs in (("everyone", ["Mine"]), ("private", [])):
        client_of(person).post(f"/view/{view.pk}/", {"name": "Mine", "query": "", "visibility": visibility})
        assert [v.name for v in client_of(other).get("/files/").context["views"]] == tabs
    client_of(person).post(f"/view/{view.pk}/", {"name": "Renamed", "query": ""})
    view.refresh_from_db()
    assert (view.name, view.visibility) == ("Renamed", "private")


def test_undo_takes_back_ones_own_request_only(person: User, client_of: Any) -> None:
    made = make_file(person)
    client = client_of(person)
    sent = client.post("/files/", {"action": "html", "ids": [made.pk]})
    url = str(next(iter(get_messages(sent.wsgi_request))).extra_tags).removeprefix("undo:")
    client_of(make_user()).post(url)
    assert File.objects.get(pk=made.pk).media_type == "text/html"
    client.post(url)
    assert File.objects.get(pk=made.pk).media_type == "text/plain"


def test_a_search_in_the_page_tells_everything_around_the_rows(person: User, client_of: Any) -> None:
    for name in ("one.txt", "two.txt", "two.csv"):
        make_file(person, name=name)
    page = client_of(person).get("/files/?q=two", headers=FRAGMENT).content.decode()
    around = re.findall(r'<(\w+)[^>]* id="([a-z-]+)" hx-swap-oob="true"', page)
    assert {"list-count", "list-count-phone", "list-export-query", "list-views"} <= {
        name for _tag, name in around
    }
    # what is counted, exported and saved as a view are the rows found, not those from before the search
    assert re.findall(r'id="list-count"[^>]*>(\d+)<', page) == ["2"]
    assert re.findall(r'id="list-export-query"[^>]* value="([^"]+)"', page) == ["?q=two"]
    assert 'id="new-view-name"' in page[page.index('id="list-views"') :]
    whole = client_of(person).get("/files/?q=two").content.decode()
    assert "hx-swap-oob" not in whole
    assert all(whole.count(f'id="{name}"') == 1 for _tag, name in around)
