"""How somebody communicates: what they asked for beside what is seen, each opening its rows."""

from typing import Any

import pytest

from contacts.profile.subject import subject_of
from contacts.tests.factories import make_activity, make_company, make_contact
from core.models import RoleGrant, User
from core.registries import profile
from core.registries.profile import Answer
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return make_user("admin", is_superuser=True)


def channels(record: Any, user: User) -> Answer:
    return next(a for a in profile.answers(subject_of(record, user), user) if a.question.key == "channels")


def test_person_asked_for_one_channel_and_is_seen_on_another(admin: User) -> None:
    contact = make_contact(preferred_channel="phone", best_hour=9)
    for _mail in range(2):
        make_activity("email", contact=contact, direction="in")
    answer = channels(contact, admin)
    facts = answer.facts
    assert (facts["stated"], facts["stated_hour"], facts["seen"]) == ("phone", 9, "email")
    assert (facts["preferred"], facts["as_stated"]) == ("phone", False)
    assert answer.sentences[:2] == [
        "They asked to be reached by: Phone.",
        "They asked for 09:00–10:00, in their own time.",
    ]
    assert "Seen to prefer: E-mail." in answer.sentences
    assert "What is seen differs from what they asked for." in answer.sentences
    said, seen = answer.rows
    assert said.address == f"/contacts/{contact.pk}/"
    assert seen.link is not None
    assert seen.link.rows(admin).count() == 2


def test_person_who_does_as_they_said_is_not_held_up_to_them(admin: User) -> None:
    contact = make_contact(preferred_channel="email")
    make_activity("email", contact=contact, direction="in")
    answer = channels(contact, admin)
    assert (answer.facts["preferred"], answer.facts["as_stated"]) == ("email", True)
    assert not any("differs" in text for text in answer.sentences)


def test_companys_people_are_counted_by_what_they_asked_for_with_subsidiaries(admin: User) -> None:
    mother = make_company("Mother")
    child = make_company("Child", parent=mother)
    for company, wish in ((mother, "phone"), (child, "phone"), (child, "chat"), (child, "")):
        make_contact(company=company, preferred_channel=wish)
    answer = channels(mother, admin)
    assert answer.facts["stated_by_people"] == {"phone": 2, "chat": 1}
    assert answer.facts["preferred"] == "phone"
    assert [(rows.label, rows.count, rows.link.rows(admin).count()) for rows in answer.rows if rows.link] == [
        ("People: Phone", 2, 2),
        ("People: Chat", 1, 1),
    ]
    seller = make_user(make_role("own", contact="view:own", company="view:all"), make_team("North"))
    assert not channels(mother, seller).known  # nobody of those is theirs to count


def test_companys_people_who_are_as_many_all_count_as_having_asked(admin: User) -> None:
    company = make_company()
    for wish in ("email", "phone"):
        make_contact(company=company, preferred_channel=wish)
    make_activity("call", company=company, direction="in")
    assert channels(company, admin).facts["as_stated"] is True
    make_contact(company=company, preferred_channel="email")
    assert channels(company, admin).facts["as_stated"] is False


def test_what_the_role_hides_is_not_told(admin: User) -> None:
    role = make_role("partial", contact="view:all", company="view:all")
    RoleGrant.objects.filter(role=role, record_type="contact").update(
        hidden_fields=["preferred_channel", "best_hour"]
    )
    user = make_user(role, make_team("North"))
    company = make_company()
    contact = make_contact(company=company, preferred_channel="post", best_hour=7)
    for record in (contact, company):
        answer = channels(record, user)
        assert answer.facts.get("stated") is None
        assert not any("Post" in text or "07:00" in text for text in answer.sentences)
