"""A segment's people as a file: of one's own scope, without hidden fields, and recorded."""

import csv
import io

import pytest
from django.core.files.storage import default_storage

from contacts.models import Segment, SegmentMember
from contacts.tests.factories import make_contact
from core.jobs.running import run
from core.models import ExportEntry, RoleGrant
from core.services.exports import start_export
from core.tests.factories import make_role, make_user

pytestmark = pytest.mark.django_db


def test_segment_leaves_in_the_exporters_scope_without_hidden_fields_and_is_recorded() -> None:
    role = make_role(contact="view:own,export:own", segment="view:all")
    RoleGrant.objects.filter(role=role, record_type="contact").update(hidden_fields=["job_title"])
    user = make_user(role)
    mine = make_contact("=Mine()", "Byron", owner=user, job_title="Secret", email="mine@example.org")
    theirs = make_contact("Theirs", "Stone", owner=make_user())
    outside = make_contact("Outside", "Stone", owner=user)
    segment = Segment.objects.create(name="Both", kind="static")
    for contact in (mine, theirs):
        SegmentMember.objects.create(segment=segment, contact=contact)
    query = f"segment={segment.pk}&columns=name,job_title,email"
    job = run(start_export(actor=user, record_type="contact", query=query).pk)
    assert job is not None
    assert job.result["rows"] == 1
    with default_storage.open(job.result["file"]) as file:
        header, *rows = csv.reader(io.StringIO(file.read().decode("utf-8-sig")))
    assert header == ["Meridian id", "Name", "E-mail"]
    assert rows == [[str(mine.pk), "'=Mine() Byron", "mine@example.org"]]
    assert outside.pk != mine.pk
    entry = ExportEntry.objects.get()
    assert (entry.actor, entry.query, entry.rows, entry.columns) == (user, query, 1, header)
