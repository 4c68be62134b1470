"""Two people merge overlapping sets at the same moment, over two real connections."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from contacts.models import Activity, Alias, Contact, MergeLog
from contacts.services.merging import AlreadyMerged, follow_late_rows, merge_many, merge_records, unmerge
from contacts.tests.factories import make_activity, make_contact
from core.tests.factories import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread with its own connection; their results, or what they raised."""
    gate, results = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        gate.wait(10)
        try:
            results[place] = work()
        except Exception as error:  # noqa: BLE001  (handed to the test, whatever it is)
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def merge(*ids: int) -> Any:
    return merge_records(actor=None, record_type="contact", ids=ids)


@pytest.mark.parametrize("reverse", [False, True])
def test_overlapping_merges_end_in_one_state_and_one_is_told(reverse: bool) -> None:
    a, b, c, d = (make_contact().pk for _ in range(4))
    for pk in (a, b, c, d):
        make_activity(contact=Contact.objects.get(pk=pk))
    sets = [(a, b, c), (d, c, b) if reverse else (b, c, d)]
    results = at_once(*(lambda ids=ids: merge(*ids) for ids in sets))  # type: ignore[misc]
    logs = [one for one in results if isinstance(one, MergeLog)]
    told = [one for one in results if isinstance(one, AlreadyMerged)]
    assert (len(logs), len(told)) == (1, 1), results
    assert set(told[0].live) == {logs[0].survivor_id, a if logs[0].survivor_id != a else d}
    assert set(Alias.objects.values_list("live_id", flat=True)) == {logs[0].survivor_id}
    live = set(Contact.objects.values_list("pk", flat=True))
    assert set(Activity.objects.values_list("contact_id", flat=True)) == live
    unmerge(actor=None, log=logs[0])
    assert Contact.objects.count() == 4


def test_jobs_that_overlap_go_on_with_what_is_left() -> None:
    ids = [make_contact().pk for _ in range(6)]
    results = at_once(
        lambda: merge_many(actor=None, record_type="contact", groups=[ids[:3], ids[4:]]),
        lambda: merge_many(actor=None, record_type="contact", groups=[ids[2:4], ids[3:5]]),
    )
    assert all(isinstance(one, list) for one in results), results
    assert Contact.objects.count() == 1
    (live,) = Contact.objects.values_list("pk", flat=True)
    assert set(Alias.objects.values_list("live_id", flat=True)) == {live}


def test_a_row_written_while_its_person_is_merged_is_not_lost() -> None:
    one, two = make_contact(), make_contact()
    written, merged = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            make_activity(contact=two)
            written.set()
            merged.wait(1)  # the merge may have to wait for this transaction, or go on without its row

    def merge_them() -> MergeLog:
        written.wait(10)
        log: MergeLog = merge(one.pk, two.pk)
        merged.set()
        return log

    _none, log = at_once(write, merge_them)
    follow_late_rows(actor=None, log_ids=[log.pk])
    assert set(Activity.objects.values_list("contact_id", flat=True)) == {one.pk}


def test_two_people_on_the_page_both_get_an_answer() -> None:
    """One is told that it is done, the other is led to what is there now; nobody sees an error."""
    people = [make_contact() for _ in range(4)]
    for one in people:
        make_activity(contact=one)
    a, b, c, d = (one.pk for one in people)
    url = reverse("contacts:contact_merge")

    def post(ids: tuple[int, ...]) -> Any:
        client = Client()
        client.force_login(make_user("admin", None, is_superuser=True))
        return lambda: client.post(url, {"ids": ",".join(map(str, ids))})

    answers = at_once(post((a, b, c)), post((d, c, b)))
    assert [one.status_code for one in answers] == [303, 303], answers
    log = MergeLog.objects.order_by("pk").first()
    assert log is not None
    live = set(Contact.objects.values_list("pk", flat=True))
    assert set(Activity.objects.values_list("contact_id", flat=True)) == live
    assert Activity.objects.count() == 4
    led = {one["Location"] for one in answers}
    assert reverse("contacts:contact_detail", args=[log.survivor_id]) in led
    assert len(led) == 2
