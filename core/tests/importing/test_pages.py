"""The import pages: file, columns, preview, import, words, errors, undo; one's own imports only."""

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
