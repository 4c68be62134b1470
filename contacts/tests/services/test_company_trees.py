"""Parents and subsidiaries: no circle, shown as a tree in the viewer's scope."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from contacts.selectors.company_trees import Branch, company_tree
from contacts.services.parties import update_company
from contacts.tests.factories import make_company
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db


def words(branches: list[Branch]) -> list[object]:
    return [(b.company.name, words(b.children)) if b.children else b.company.name for b in branches]


def test_circle_of_parents_is_refused_at_any_distance() -> None:
    top = make_company("Top")
    middle = make_company("Middle", parent=top)
    low = make_company("Low", parent=middle)
    with pytest.raises(ValidationError, match="circle"):
        update_company(actor=None, company=top, changes={"parent": low})
    top.refresh_from_db()
    assert top.parent is None


def test_group_is_shown_as_a_tree_without_what_is_out_of_scope() -> None:
    role = make_role("own", company="view:own")
    viewer = make_user(role, make_team("South"))
    top = make_company("Top")
    middle = make_company("Middle", parent=top, owner=viewer)
    make_company("Low", parent=middle, owner=viewer)
    make_company("Hidden", parent=middle)
    admin = make_user("admin", is_superuser=True)
    assert words(company_tree(middle, admin)) == [("Top", [("Middle", ["Hidden", "Low"])])]
    assert words(company_tree(middle, viewer)) == [("Middle", ["Low"])]
    client = Client()
    client.force_login(viewer)
    page = client.get(reverse("contacts:company_group", args=[middle.pk])).content.decode()
    assert ("Low" in page, "Hidden" in page, "Top" in page) == (True, False, False)


def test_company_is_filtered_by_revenue_founding_and_parent() -> None:
    client = Client()
    client.force_login(make_user("marketing"))
    parent = make_company("Parent")
    make_company("Child", parent=parent, annual_revenue=5_000_000, founded_year=1999, currency="EUR")
    base = reverse("contacts:company_list")
    for query in (f"parent={parent.pk}", "revenue__gte=4000000", "founded__lte=2000"):
        assert client.get(f"{base}?{query}&columns=name,revenue,parent").context["count"] == 1
