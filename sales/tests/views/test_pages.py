"""The pages of sales: who may open them, what a refused request leaves, what they cost."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from contacts.models import Activity, Company, Contact
from contacts.tests.factories import make_company, make_contact
from core.models import User
from core.tests.factories import make_role, make_team, make_user
from sales.models import Deal, Order, Product
from sales.selectors.boards import board_columns
from sales.services.deals import update_deal
from sales.services.next_steps import plan_next_step
from sales.tests.factories import make_deal, make_order, make_pipeline, make_product, stage_named

pytestmark = pytest.mark.django_db
BOARD = "/sales/deals/board/"
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def seller(client: Client) -> User:
    make_pipeline()
    user = make_user("sales", make_team("North"))
    client.force_login(user)
    return user


def test_board_order_is_overdue_today_none_future() -> None:
    now = timezone.now().replace(hour=12, minute=0)
    steps = {"future": 3, "today": 0.1, "none": None, "overdue": -2, "later": 9, "late": -5}
    for name, days in steps.items():
        deal = make_deal("Engaging", name=name)
        if days is not None:
            plan_next_step(actor=None, deal=deal, kind="call", due_at=now + timedelta(days=days))
    columns = board_columns(Deal.objects.all(), [stage_named("Engaging")], now=now)
    assert [deal.name for deal in columns[0].deals] == [
        "late",
        "overdue",
        "today",
        "none",
        "future",
        "later",
    ]
    first = board_columns(Deal.objects.all(), [stage_named("Engaging")], now=now, size=2)
    assert [deal.name for deal in first[0].deals] == ["late", "overdue"]
    assert first[0].totals.count == 6


def test_board_moves_a_card_and_answers_both_columns(client: Client, seller: User) -> None:
    deal = make_deal("Prospecting", "100", owner=seller)
    to = stage_named("Engaging").pk
    body = {"id": deal.pk, "to": to, "before_id": "", "version": deal.version}
    answer = client.post(BOARD, body, headers=FRAGMENT)
    assert answer.status_code == 200, answer.content
    page = answer.content.decode()
    assert f'data-board-column="{to}"' in page
    assert f'data-board-column="{deal.stage_id}"' in page
    assert "It has no next step yet" in answer["HX-Trigger"]
    assert Deal.objects.get().stage_id == to
    assert client.post(BOARD, body, headers=FRAGMENT).status_code == 409


def test_board_asks_for_the_reason_before_a_deal_is_lost(client: Client, seller: User) -> None:
    deal = make_deal("Prospecting", owner=seller)
    body = {"id": deal.pk, "to": stage_named("Lost").pk, "version": deal.version}
    answer = client.post(BOARD, body, headers=FRAGMENT)
    assert answer["X-Ask"] == f"/sales/deals/{deal.pk}/lose/"
    assert Deal.objects.get().status == "open"
    url = answer["X-Ask"]
    today = timezone.localdate().isoformat()
    refused = client.post(url, {"closed_on": today, "close_note": "Kept words", "version": deal.version})
    assert refused.status_code == 422
    assert "Kept words" in refused.content.decode()
    lost = {"lost_reason": "price", "closed_on": today, "version": deal.version}
    assert client.post(url, lost).status_code == 303
    assert Deal.objects.get().lost_reason == "price"


def test_board_refuses_cards_out_of_scope(client: Client, seller: User) -> None:
    other = make_deal("Prospecting", owner=make_user("sales", make_team("South")))
    body = {"id": other.pk, "to": stage_named("Engaging").pk, "version": other.version}
    assert client.post(BOARD, body, headers=FRAGMENT).status_code == 404
    client.force_login(make_user("readonly"))
    assert client.post(BOARD, body, headers=FRAGMENT).status_code == 403
    other.refresh_from_db()
    assert other.stage.name == "Prospecting"


DEAL_PAGES = ("", "edit/", "win/", "lose/", "move/", "step/", "lines/", "contacts/add/")


@pytest.mark.parametrize("page", DEAL_PAGES)
def test_deal_pages_are_404_out_of_scope_and_403_without_the_right(client: Client, page: str) -> None:
    deal = make_deal(owner=make_user("sales", make_team("South")))
    url = f"/sales/deals/{deal.pk}/{page}"
    client.force_login(make_user("sales", make_team("North")))
    assert client.get(url).status_code == 404
    if page:
        assert client.post(url, {}).status_code == 404
    client.force_login(make_user("readonly"))
    assert client.get(url).status_code == (200 if page == "" else 403)
    if page:
        assert client.post(url, {"stage": stage_named("Engaging").pk}).status_code == 403
    client.force_login(make_user("service"))
    assert client.get("/sales/deals/").status_code == 200
    unchanged = Deal.objects.get()
    assert (unchanged.version, unchanged.stage_id) == (deal.version, deal.stage_id)


def test_deal_is_created_with_contact_and_next_step(client: Client, seller: User) -> None:
    contact = Contact.objects.create(name="Amara", owner=seller)
    due = (datetime.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    body = {
        "name": "Incubators",
        "contact": contact.pk,
        "amount": "212000",
        "currency": "EUR",
        "stage": stage_named("Engaging").pk,
        "owner": seller.pk,
        "step_kind": "call",
        "step_due": due,
    }
    answer = client.post("/sales/deals/new/", body)
    assert answer.status_code == 303, answer.context["form"].errors
    deal = Deal.objects.get()
    assert (deal.contact, deal.stage.name, deal.team) == (contact, "Engaging", seller.team)
    assert deal.next_step == Activity.objects.get()
    without = {**body, "name": "Without", "step_due": ""}
    assert client.post("/sales/deals/new/", without).status_code == 303
    assert Deal.objects.get(name="Without").next_step is None


def test_a_deal_whose_next_step_is_refused_is_not_created(client: Client) -> None:
    make_pipeline()
    user = make_user(make_role(deal="view:all,add:all,change:all"))
    client.force_login(user)
    body = {"name": "Half", "currency": "EUR", "stage": stage_named("Engaging").pk, "owner": user.pk}
    step = {"step_kind": "call", "step_due": "2030-01-02T10:00"}
    assert client.post("/sales/deals/new/", {**body, **step}).status_code == 403
    assert Deal.objects.count() == 0
    assert client.post("/sales/deals/new/", body).status_code == 303
    deal = Deal.objects.get()
    move = {"stage": stage_named("Prospecting").pk, "version": deal.version}
    assert client.post(f"/sales/deals/{deal.pk}/move/", {**move, **step}).status_code == 403
    assert Deal.objects.get().stage == deal.stage
    assert client.post(f"/sales/deals/{deal.pk}/move/", move).status_code == 303


def test_a_deal_begun_from_a_person_names_their_company_too(client: Client, seller: User) -> None:
    works = make_company("Steelworks", owner=seller)
    person = make_contact("Ada", "Byron", owner=seller, company=works)
    url = f"/sales/deals/new/?contact={person.pk}"
    chosen = f'<option value="{works.pk}" selected>Steelworks</option>'
    assert chosen in client.get(url).content.decode()
    # what the asker may not see is not told
    Company.objects.update(owner=make_user("sales", make_team("South")))
    client.force_login(make_user(make_role(deal="view:all,add:all", contact="view:all", company="view:own")))
    assert "Steelworks" not in client.get(url).content.decode()


def test_what_was_typed_for_one_customer_is_no_draft_for_the_next(client: Client, seller: User) -> None:
    first, second = make_contact(owner=seller), make_contact(owner=seller)
    urls = [f"/sales/deals/new/?contact={one.pk}" for one in (first, second)]
    urls += ["/sales/deals/new/", "/sales/deals/new/?utm=x"]
    keys = [re.findall(r'data-draft="([^"]+)"', client.get(url).content.decode())[0] for url in urls]
    own = [f"deal-new-contact-{first.pk}", f"deal-new-contact-{second.pk}"]
    assert keys == [*own, "deal-new", "deal-new"]


def test_deal_form_keeps_what_was_typed(client: Client, seller: User) -> None:
    body = {"name": "Kept", "amount": "many", "currency": "EUR", "step_subject": "Ring them"}
    answer = client.post("/sales/deals/new/", body)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="Kept"' in page
    assert "Say when it is due." in page
    assert Deal.objects.count() == 0


def test_deal_edit_shows_both_versions(client: Client, seller: User) -> None:
    deal = make_deal(name="First", owner=seller)
    update_deal(actor=None, deal=deal, name="Theirs")
    body = {"name": "Mine", "currency": "EUR", "probability": 10, "owner": seller.pk, "version": deal.version}
    answer = client.post(f"/sales/deals/{deal.pk}/edit/", body)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Theirs" in page
    assert "Mine" in page
    assert Deal.objects.get().name == "Theirs"


def test_lines_are_edited_together_or_not_at_all(client: Client, seller: User) -> None:
    deal = make_deal("Engaging", "1", owner=seller)
    url = f"/sales/deals/{deal.pk}/lines/"
    body = {
        "form-TOTAL_FORMS": 2,
        "form-INITIAL_FORMS": 0,
        "form-0-description": "Reader",
        "form-0-quantity": "2",
        "form-0-unit_price": "10.50",
        "form-1-description": "Setup",
        "form-1-unit_price": "x",
        "version": deal.version,
    }
    refused = client.post(url, body)
    assert refused.status_code == 422
    assert 'value="Reader"' in refused.content.decode()
    assert deal.lines.count() == 0
    assert client.post(url, {**body, "form-1-unit_price": "5"}).status_code == 303
    deal.refresh_from_db()
    assert (deal.amount, deal.lines.count()) == (26, 2)
    assert client.post(url, {**body, "form-1-unit_price": "6"}).status_code == 409
    deal.refresh_from_db()
    assert deal.amount == 26


def test_order_is_entered_with_its_lines(client: Client, seller: User) -> None:
    company = Company.objects.create(name="Lumen", owner=seller)
    body = {
        "company": company.pk,
        "currency": "EUR",
        "ordered_at": "2026-01-05T10:00",
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 0,
        "form-0-description": "Reader",
        "form-0-quantity": "3",
        "form-0-unit_price": "10.50",
    }
    nobody = client.post("/sales/orders/new/", {**body, "company": ""})
    assert nobody.status_code == 422
    assert "Say who ordered" in nobody.content.decode()
    answer = client.post("/sales/orders/new/", body)
    assert answer.status_code == 303, answer.content
    order = Order.objects.get()
    assert (order.total, order.company) == (31.5, company)
    assert client.get(f"/sales/orders/{order.pk}/").status_code == 200
    assert client.get(f"/sales/orders/{order.pk}/edit/").status_code == 200


def test_product_pages_answer(client: Client) -> None:
    client.force_login(make_user("manager", make_team()))
    body = {"name": "Reader", "sku": "R-1", "currency": "EUR", "list_price": "12.50", "is_active": "on"}
    assert client.post("/sales/products/new/", body).status_code == 303
    product = Product.objects.get()
    for page in ("", "edit/"):
        assert client.get(f"/sales/products/{product.pk}/{page}").status_code == 200
    client.force_login(make_user("sales"))
    assert client.post("/sales/products/new/", {**body, "sku": "R-2"}).status_code == 403
    assert Product.objects.count() == 1


@pytest.mark.parametrize("url", ["/sales/deals/", BOARD, "/sales/orders/", "/sales/products/"])
def test_lists_cost_the_same_for_any_number(client: Client, url: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(make_user("admin"))

    def fill(number: int) -> None:
        contact = Contact.objects.create(name=f"Contact {number}")
        company = Company.objects.create(name=f"Company {number}")
        owner = make_user("sales", make_team())
        deal = make_deal(company=company, contact=contact, owner=owner)
        plan_next_step(actor=None, deal=deal, kind="call", due_at=timezone.now())
        make_order(contact=contact, owner=owner)
        make_product()

    counts = []
    for rows in (1, 2):
        for number in range(rows):
            fill(number)
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 25
