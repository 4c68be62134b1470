"""The import pages: file, columns, preview, import, words, errors, undo; one's own imports only."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contacts.models import Company
from core.jobs.running import run
from core.models import ImportBatch, Job, User
from core.tests.factories import make_role, make_user
from core.tests.importing.bring import bring, take_in

pytestmark = pytest.mark.django_db
CONTENT = "name,employees,sector\nAcme,5,technolgy\nBeta,many,retail\n"


@pytest.fixture
def admin() -> User:
    return make_user("admin")


@pytest.fixture
def client(admin: User) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def upload(client: Client, content: str | bytes, target: str = "companies") -> "object":
    data = content.encode() if isinstance(content, str) else content
    return client.post("/imports/new/", {"target": target, "file": SimpleUploadedFile("firms.csv", data)})


def columns_form(batch: ImportBatch, **changes: str) -> dict[str, str]:
    columns = batch.mapping["columns"]
    form = {f"column_{i}": columns.get(name, "") for i, name in enumerate(batch.options["header"])}
    return {**form, "dates": "ymd", "decimal": ".", "currency": "EUR", "owner": "", **changes}


def test_a_file_goes_from_upload_to_undo(client: Client, admin: User) -> None:
    answer = upload(client, CONTENT)
    batch = ImportBatch.objects.get()
    assert answer["Location"] == f"/imports/{batch.pk}/columns/"  # type: ignore[index]
    page = client.get(f"/imports/{batch.pk}/columns/").content.decode()
    assert "technolgy" in page and "many" in page
    assert client.post(f"/imports/{batch.pk}/columns/", columns_form(batch)).status_code == 302
    assert "Trying firms.csv" in client.get(f"/imports/{batch.pk}/preview/").content.decode()
    run(Job.objects.get().pk)
    fragment = client.get(f"/imports/{batch.pk}/preview/", headers={"HX-Request": "true"})
    assert fragment["HX-Refresh"] == "true"
    preview = client.get(f"/imports/{batch.pk}/preview/").content.decode()
    assert "“many” is not a number." in preview
    assert '<option value="v:technology" selected>technology</option>' in preview
    assert Company.objects.count() == 0
    answer = client.post(f"/imports/{batch.pk}/preview/", {"word_0": "v:technology"})
    assert answer["Location"] == f"/imports/{batch.pk}/"
    job = Job.objects.order_by("pk").last()
    assert job is not None and run(job.pk).state == "done"  # type: ignore[union-attr]
    assert Company.objects.values_list("name", "industry").get() == ("Acme", "technology")
    detail = client.get(f"/imports/{batch.pk}/").content.decode()
    assert "employees: “many” is not a number." in detail
    errors = client.get(f"/imports/{batch.pk}/errors/")
    assert b"Beta,many,retail,3," in b"".join(errors.streaming_content)  # type: ignore[attr-defined]
    assert client.post(f"/imports/{batch.pk}/").status_code == 302
    undo = Job.objects.filter(kind="core.undo_import").get()
    run(undo.pk)
    assert "1 rows deleted" in client.get(f"/imports/{batch.pk}/").content.decode()
    assert Company.objects.count() == 0


def test_words_put_off_are_decided_on_the_review_page(client: Client, admin: User) -> None:
    batch, _job = bring(admin, "companies", CONTENT)
    assert "1 line waits" in client.get(f"/imports/{batch.pk}/").content.decode()
    assert "technolgy" in client.get(f"/imports/{batch.pk}/review/").content.decode()
    assert "To decide" in client.get("/imports/").content.decode()
    wrong = client.post(f"/imports/{batch.pk}/review/", {"word_0": "v:nonsense"})
    assert (wrong.status_code, Company.objects.get().industry) == (422, "technolgy")
    assert client.post(f"/imports/{batch.pk}/review/", {"word_0": "v:technology"}).status_code == 303
    assert Company.objects.get().industry == "technology"
    assert "Nothing to decide" in client.get(f"/imports/{batch.pk}/review/").content.decode()
    assert "To decide" not in client.get("/imports/").content.decode()


def test_lines_with_a_note_are_counted_and_listed_page_by_page(
    client: Client, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(f"Firm {n},{'technolgy' if n % 2 else 'retail'}\n" for n in range(1, 8))
    content = "name,industry\n" + lines + ",retail\n"  # lines 2, 4, 6 and 8 with a note, 9 fails
    monkeypatch.setattr("core.selectors.imports.FATES_SHOWN", 3)
    tried, _job = bring(admin, "companies", content, dry_run=True)
    trial = client.get(f"/imports/{tried.pk}/preview/?fate=noted").content.decode()
    assert re.search(r'fate=noted#lines" aria-current="true">With a note <span class="num">4<', trial)
    assert trial.count("did you mean “technology”?") == 4
    batch, job = bring(admin, "companies", content)
    assert (batch.counts["noted"], batch.counts["created"], job.result["noted"]) == (4, 7, 4)
    page = client.get(f"/imports/{batch.pk}/?fate=noted").content.decode()
    assert (
        '<a href="?fate=noted" aria-current="true" class="noted"><b class="num">4</b>With a note</a>' in page
    )
    assert re.findall(r'scope="row" class="end num">(\d+)<', page) == ["2", "4", "6"]
    assert page.count("did you mean “technology”?") == 3
    assert "?fate=noted&amp;after=6" in page
    last = client.get(f"/imports/{batch.pk}/?fate=noted&after=6").content.decode()
    assert re.findall(r'scope="row" class="end num">(\d+)<', last) == ["8"]
    shown = client.get(f"/api/v1/imports/{batch.pk}/lines/?fate=noted").json()["results"]
    assert [(line["line"], line["problems"][0]["code"]) for line in shown] == [
        (n, "near") for n in (2, 4, 6, 8)
    ]
    client.post(f"/imports/{batch.pk}/review/", {"word_0": "v:technology"})
    batch.refresh_from_db()
    assert (batch.counts["noted"], batch.counts["review"], batch.counts["created"]) == (0, 0, 7)
    assert "No line." in client.get(f"/imports/{batch.pk}/?fate=noted").content.decode()
    ImportBatch.objects.filter(pk=batch.pk).update(counts={"created": 7})
    assert client.get(f"/imports/{batch.pk}/?fate=noted&after=x").status_code == 404
    assert '<b class="num">0</b>With a note' in client.get(f"/imports/{batch.pk}/").content.decode()


def test_reasons_are_told_in_the_importers_language_whoever_works(client: Client, admin: User) -> None:
    """And words of a file are known in any of the languages."""
    User.objects.filter(pk=admin.pk).update(language="de")
    content = "name,kind,employees\nAcme,Lieferant,2\nBeta,Supplier,3\nBad,Partner,many\n"
    batch, _job = bring(User.objects.get(pk=admin.pk), "companies", content)
    assert sorted(Company.objects.values_list("name", "kind")) == [("Acme", "supplier"), ("Beta", "supplier")]
    assert "employees: „many“ ist keine Zahl." in client.get(f"/imports/{batch.pk}/").content.decode()
    User.objects.filter(pk=admin.pk).update(language="ar")
    other = content.replace("Acme", "Other").replace("Beta", "Further")
    bring(User.objects.get(pk=admin.pk), "companies", other)
    assert Company.objects.filter(kind="supplier").count() == 4


def test_what_was_decided_is_remembered_for_the_next_file(client: Client, admin: User) -> None:
    bring(admin, "companies", CONTENT, mapping={"decisions": {"industry": {"technolgy": "technology"}}})
    _batch, job = bring(admin, "companies", CONTENT.replace("Acme", "Next"))
    assert (job.result["review"], Company.objects.get(name="Next").industry) == (0, "technology")


def test_columns_of_the_same_name_are_told_apart_and_said(client: Client) -> None:
    answer = upload(client, "name,Name,\nA,B,\n")
    page = client.get(answer["Location"]).content.decode()  # type: ignore[index]
    assert "columns 1 and 2 are both called “Name”; the second is “Name (2)” here" in page
    assert "column 3 has no name" not in page  # it is empty in every line: cut off


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "The file is empty"),
        ("name\n", "no lines below"),
        (b"\x1f\x8bbroken", "archive is damaged"),
    ],
)
def test_files_that_cannot_be_read_are_refused_on_the_page(client: Client, content: str, words: str) -> None:
    answer = upload(client, content)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert words in answer.content.decode()  # type: ignore[attr-defined]
    assert ImportBatch.objects.count() == 0


def test_a_file_beyond_the_limit_is_refused_while_it_arrives(client: Client, settings: object) -> None:
    settings.IMPORT_MAX_BYTES = 200_000  # type: ignore[attr-defined]
    answer = upload(client, "name\n" + "x" * 400_000)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "too large" in answer.content.decode()  # type: ignore[attr-defined]
    assert ImportBatch.objects.count() == 0


def test_a_mapping_with_faults_is_shown_again_with_what_was_chosen(client: Client, admin: User) -> None:
    batch = take_in(admin, "companies", CONTENT)
    answer = client.post(
        f"/imports/{batch.pk}/columns/", columns_form(batch, column_0="industry", column_2="")
    )
    assert answer.status_code == 422
    assert "No column fills “Name”, which is needed." in answer.content.decode()
    assert Job.objects.count() == 0


def test_imports_of_others_are_not_found_and_roles_without_the_right_are_refused(admin: User) -> None:
    batch, _job = bring(admin, "companies", CONTENT)
    other, reader = Client(), Client()
    other.force_login(make_user("admin"))
    reader.force_login(make_user(make_role(company="view:all")))
    for path in ("", "columns/", "preview/", "review/", "errors/"):
        assert other.get(f"/imports/{batch.pk}/{path}").status_code == 404
        assert reader.get(f"/imports/{batch.pk}/{path}").status_code == 403
    assert other.post(f"/imports/{batch.pk}/").status_code == 404
    assert reader.post("/imports/new/", {"target": "companies"}).status_code == 403
    assert Company.objects.count() == 1


def test_pages_take_the_same_queries_for_one_row_and_for_three(client: Client, admin: User) -> None:
    counts = []
    for number in (1, 3):
        batch, _job = bring(admin, "companies", "name,employees\n" + "Bad,x\n" * number)
        client.get(f"/imports/{batch.pk}/")
        with CaptureQueriesContext(
            connection,
        ) as page:
            client.get(f"/imports/{batch.pk}/")
        counts.append(len(page))
    assert counts[0] == counts[1] <= 25


def test_a_preview_is_in_words_and_begins_with_lines_that_there_are(client: Client, admin: User) -> None:
    good = 'first name,last name,e-mail,phone,tags\nAnn,Lee,ann@example.org,+44 20 7946 0018,"new, big"\n'
    content = f"{good}B,B,no address,,\n"
    tried, _job = bring(admin, "contacts", content, dry_run=True)
    page = client.get(f"/imports/{tried.pk}/preview/").content.decode()
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page[page.index("How the first lines are read") :])
    assert [html.unescape(cell) for cell in cells[:4]] == [
        "Ann",
        "Lee",
        "ann@example.org",
        "+44 20 7946 0018",
    ]
    assert not [cell for cell in cells if "[" in cell or "(" in cell]
    assert re.search(r'fate=created#lines" aria-current="true">Created <span class="num">1<', page)
    assert "No line." not in page
    bad, _job = bring(admin, "contacts", good.replace("Ann", "A" * 200), dry_run=True)
    page = client.get(f"/imports/{bad.pk}/preview/").content.decode()
    assert re.search(r'fate=failed#lines" aria-current="true">Failed <span class="num">1<', page)
