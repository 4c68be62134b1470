"""What people decide about an import: which rows, which values stay, how columns are read; kept and shared."""

import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from contacts.models import Company, Contact
from core.models import ImportMapping, User
from core.services.base import NotAllowed
from core.services.import_mappings import apply_mapping, delete_mapping, save_mapping
from core.services.imports import map_import, mend_import, reread_import
from core.tests.factories import make_user
from core.tests.importing.bring import bring, fates, take_in

pytestmark = pytest.mark.django_db
HEAD = "id,name,employees,industry,last changed\n"


@pytest.fixture
def admin() -> User:
    return make_user("admin")


def brought(admin: User, content: str, **mapping: Any) -> list[tuple[int, str]]:
    return fates(bring(admin, "companies", content, mapping=mapping)[0])


def acme() -> tuple[Any, ...]:
    found: tuple[Any, ...] = Company.objects.values_list("employees", "industry").get(name="Acme")
    return found


def test_modes_create_only_or_update_only(admin: User) -> None:
    bring(admin, "companies", "name,employees\nAcme,1\n")
    content = "name,employees\nAcme,2\nBeta,3\n"
    assert brought(admin, content, mode="create") == [(2, "skipped"), (3, "created")]
    assert dict(Company.objects.values_list("name", "employees")) == {"Acme": 1, "Beta": 3}
    content = "name,employees\nAcme,5\nGamma,6\n"
    assert brought(admin, content, mode="update") == [(2, "updated"), (3, "skipped")]
    assert dict(Company.objects.values_list("name", "employees")) == {"Acme": 5, "Beta": 3}


def test_rules_per_field_fill_or_overwrite(admin: User) -> None:
    bring(admin, "companies", "name,employees\nAcme,1\n")
    brought(admin, "name,employees,industry\nAcme,2,retail\n", rule="fill")
    assert acme() == (1, "retail")
    brought(admin, "name,employees,industry\nAcme,3,energy\n", rule="fill", rules={"employees": "overwrite"})
    assert acme() == (3, "retail")


def test_the_newest_stays_whatever_the_order_of_the_files(admin: User) -> None:
    bring(admin, "companies", HEAD + "1,Acme,10,retail,2021-01-01\n")
    assert brought(admin, HEAD + "1,Acme,20,,2022-01-01\n", rule="newest") == [(2, "updated")]
    assert brought(admin, HEAD + "1,Acme,15,,2021-06-01\n", rule="newest") == [(2, "skipped")]
    assert acme() == (20, "retail")
    Company.objects.get(name="Acme").save()  # somebody edits it here, today
    assert brought(admin, HEAD + "1,Acme,30,,2024-01-01\n", rule="newest") == [(2, "skipped")]
    assert acme() == (20, "retail")


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "x"},
        {"rule": "x"},
        {"rules": {"nope": "fill"}},
        {"styles": {"a": {"dates": "x"}}},
        {"rules": [1]},
    ],
)
def test_choices_that_there_are_not_are_refused(admin: User, wrong: dict[str, Any]) -> None:
    batch = take_in(admin, "companies", "name\nA\n")
    with pytest.raises(ValidationError):
        map_import(actor=admin, batch=batch, mapping=wrong)


def test_each_column_has_its_own_style_and_doubtful_ones_are_asked_about(admin: User) -> None:
    content = "last name,birthday,works from,company\nA,01/02/1990,2020-05-06,X\nB,03/04/1991,2021-05-06,X\n"
    batch = take_in(admin, "contacts", content)
    assert (batch.mapping["ambiguous"], batch.mapping["dated"]) == (["birthday"], ["birthday"])
    client = Client()
    client.force_login(admin)
    form = {f"column_{i}": key for i, key in enumerate(["last_name", "birthday", "works_from", "company"])}
    form |= {"dates": "dmy", "decimal": ".", "owner": ""}
    answer = client.post(f"/imports/{batch.pk}/columns/", form)
    assert answer.status_code == 422
    assert "Choose which comes first" in answer.content.decode()
    answer = client.post(f"/imports/{batch.pk}/columns/", {**form, "dates_1": "mdy"})
    assert answer.status_code == 302
    batch.refresh_from_db()
    assert batch.mapping["styles"] == {"birthday": {"dates": "mdy", "decimal": "."}}


def test_columns_of_two_styles_are_both_read(admin: User) -> None:
    content = "last name,birthday,works from,company\nA,13/02/1990,05/26/2020,X\n"
    bring(admin, "contacts", content)
    person = Contact.objects.get()
    assert str(person.birthday) == "1990-02-13"
    assert str(person.affiliations.get().valid_from) == "2020-05-26"


def test_a_trial_shows_field_by_field_what_would_change(admin: User) -> None:
    bring(admin, "companies", "name,employees,industry\nAcme,1,retail\nBeta,2,retail\n")
    batch, job = bring(
        admin, "companies", "name,employees,industry\nAcme,5,energy\nBeta,2,energy\n", dry_run=True
    )
    assert job.result["updated"] == 2
    preview = batch.options["preview"]
    assert preview["changed"] == {"employees": 1, "industry": 2}
    assert [(row.line, sorted(row.values["changes"])) for row in batch.rows.order_by("line")] == [
        (2, [["employees", 1, 5], ["industry", "retail", "energy"]]), (3, [["industry", "retail", "energy"]]),
    ]  # fmt: skip
    client = Client()
    client.force_login(admin)
    page = client.get(f"/imports/{batch.pk}/preview/").content.decode()
    assert "What would change" in page and "energy" in page and "Acme" in page
    assert acme() == (1, "retail")


def test_people_are_shown_what_would_hang_on_them(admin: User) -> None:
    bring(admin, "contacts", "last name,email\nSnelling,a@example.com\n")
    content = "last name,email,email 2,tags,company\nSnelling,a@example.com,b@example.com,vip,Acme\n"
    batch, _job = bring(admin, "contacts", content, dry_run=True)
    changes = batch.rows.get().values["changes"]
    assert changes == [
        ["company_id", None, changes[0][2]],
        ["email_2", "", "b@example.com"], ["company", "", "Acme"], ["tags", "", "vip"],
    ]  # fmt: skip


def test_mappings_are_kept_used_again_and_shared(admin: User) -> None:
    mapping = {"columns": {"Firm": "name", "Staff": "employees"}, "rule": "fill", "decisions": {}}
    saved = save_mapping(actor=admin, target="companies", name="Old ERP", mapping=mapping, shared=True)
    colleague = make_user("sales")
    batch = take_in(colleague, "companies", "Firm,Staff,X\nAcme,1,2\n")
    apply_mapping(actor=colleague, batch=batch, saved=saved)
    assert (batch.mapping["columns"], batch.mapping["rule"]) == (
        {"Firm": "name", "Staff": "employees"},
        "fill",
    )
    with pytest.raises(NotAllowed):
        delete_mapping(actor=colleague, saved=saved)
    save_mapping(actor=admin, target="companies", name="Old  ERP", mapping={"columns": {"F": "name"}})
    assert ImportMapping.objects.values_list("name", "mapping", "shared").get() == (
        "Old ERP", {"columns": {"F": "name"}}, False,
    )  # fmt: skip
    with pytest.raises(ValidationError):
        save_mapping(actor=admin, target="companies", name="x", mapping={"columns": {"F": "nothing"}})
    with pytest.raises(NotAllowed):
        save_mapping(
            actor=colleague, target="companies", name="x", mapping={"columns": {"F": "name"}}, shared=True
        )


def test_the_file_is_read_again_as_somebody_says(admin: User) -> None:
    batch = take_in(admin, "companies", "name;city\nKšenija;Łódź\n".encode("cp1250"))
    reread_import(actor=admin, batch=batch, encoding="cp1250", delimiter=";")
    assert (batch.encoding, batch.delimiter, batch.options["header"]) == ("cp1250", ";", ["name", "city"])
    done, _job = batch, bring(admin, "companies", "name\nA\n")
    client = Client()
    client.force_login(admin)
    client.post(f"/imports/{done.pk}/read/", {"encoding": "cp1252", "delimiter": ","})
    batch.refresh_from_db()
    assert (batch.encoding, batch.options["header"]) == ("cp1252", ["name;city"])


def test_mended_lines_are_taken_once_and_no_others(admin: User) -> None:
    content = "name,employees\nAcme,1\nBeta,x\nGamma,3\nDelta,y\n"
    first, _job = bring(admin, "companies", content)
    errors = first.error_file.read().decode("utf-8-sig")
    mended = errors.replace(",x,", ",2,") + "Stranger,9,,\nAcme,77,2,\n"
    made = mend_import(actor=admin, batch=first, stream=io.BytesIO(mended.encode()), name="m.csv", size=1)
    batch, job = run_batch(admin, made)
    assert list(batch.rows.order_by("line").values_list("line", "fate", "original_line")) == [
        (2, "created", 3), (3, "failed", 5), (4, "skipped", None), (5, "skipped", None),
    ]  # fmt: skip
    assert batch.error_file.read().decode("utf-8-sig").splitlines()[1].startswith("Delta,y,5,")
    whole = content.replace(",x", ",50").replace(",y", ",4").replace("Acme,1", "Acme,99")
    again = mend_import(actor=admin, batch=first, stream=io.BytesIO(whole.encode()), name="w.csv", size=1)
    batch, job = run_batch(admin, again)
    assert (job.result["created"], job.result["skipped"]) == (1, 3)
    assert dict(Company.objects.values_list("name", "employees")) == {
        "Acme": 1, "Beta": 2, "Gamma": 3, "Delta": 4,
    }  # fmt: skip


def run_batch(admin: User, batch: Any) -> tuple[Any, Any]:
    from core.jobs.running import run
    from core.services.imports import start_import

    done = run(start_import(actor=admin, batch=batch, wake=False).pk)
    batch.refresh_from_db()
    return batch, done


def test_a_kept_mapping_is_proposed_for_a_file_with_its_columns(admin: User) -> None:
    mapping = {"columns": {"Firm": "name", "Staff": "employees", "Nr": "external_id"}, "namespace": "erp"}
    save_mapping(actor=admin, target="companies", name="Old ERP", mapping=mapping, shared=True)
    colleague = make_user("sales")
    batch = take_in(colleague, "", "Nr,Firm,Staff,X\n7,Acme,1,2\n")
    assert (batch.target, batch.mapping["saved"], batch.mapping["columns"]) == (
        "companies", "Old ERP", {"Nr": "external_id", "Firm": "name", "Staff": "employees"},
    )  # fmt: skip
    assert batch.mapping["namespace"] == "erp"
    assert "saved" not in take_in(colleague, "companies", "Firm,A,B,C,D,E,F\nx,1,2,3,4,5,6\n").mapping


def test_mappings_are_seen_renamed_shared_and_removed_on_their_page(admin: User) -> None:
    mapping = {"columns": {"Firm": "name"}}
    saved = save_mapping(actor=admin, target="companies", name="Old", mapping=mapping)
    save_mapping(actor=admin, target="companies", name="Taken", mapping=mapping)
    owner, other = Client(), Client()
    owner.force_login(admin)
    other.force_login(make_user("sales"))
    url = f"/imports/mappings/{saved.pk}/"
    assert "Firm" in owner.get("/imports/mappings/").content.decode()
    assert "Old" not in other.get("/imports/mappings/").content.decode()
    assert other.post(url, {"name": "Mine"}).status_code == 404
    wrong = owner.post(url, {"name": "Taken"})
    assert wrong.status_code == 422 and "You have a mapping of this name." in wrong.content.decode()
    assert owner.post(url, {"name": "New name"}).status_code == 303
    assert owner.post(url, {"share": ""}).status_code == 303
    assert "New name" in other.get("/imports/mappings/").content.decode()
    assert other.post(url, {"delete": ""}).status_code == 403
    saved.refresh_from_db()
    assert (saved.name, saved.shared) == ("New name", True)
    assert owner.post(url, {"delete": ""}).status_code == 303
    assert not ImportMapping.objects.filter(pk=saved.pk).exists()


def test_a_trial_is_shown_line_by_line_page_after_page(admin: User) -> None:
    before = "name,employees\n" + "".join(f"Firm {n:03},1\n" for n in range(120))
    bring(admin, "companies", before)
    after = "name,employees\n" + "".join(f"Firm {n:03},2\n" for n in range(120)) + "New,3\nBad,many\n"
    batch, _job = bring(admin, "companies", after, dry_run=True)
    client = Client()
    client.force_login(admin)
    url = f"/imports/{batch.pk}/preview/"
    first = client.get(url).content.decode()
    assert "Firm 049" in first and "Firm 050" not in first and "after=51" in first
    last = client.get(f"{url}?fate=updated&after=101").content.decode()
    assert "Firm 119" in last and "Next lines" not in last
    assert "New" in client.get(f"{url}?fate=created").content.decode()
    assert client.get(f"{url}?fate=nonsense").status_code == 404
    lines = client.get(f"/api/v1/imports/{batch.pk}/lines/?fate=updated").json()["results"]
    assert lines[0]["changes"] == [["employees", 1, 2]]
    again, _job = bring(admin, "companies", after)
    assert again.rows.count() == 122
