"""Places offline: the gazetteer, the circle against an independent formula, lists and maps."""

import json
import math
import random
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from contacts.geo.distance import Circle, box, circle_of, within
from contacts.geo.gazetteer import city_rows
from contacts.geo.lookup import Point, point_of
from contacts.geo.postcodes import locate
from contacts.models import Contact, Place
from contacts.services.addresses import add_address, remove_address
from contacts.services.locating import locate_missing, start_locating_at_first
from contacts.services.parties import update_contact
from contacts.tests.factories import make_company, make_contact
from core.conditions.tree import ConditionError
from core.tests.factories import make_role, make_team, make_user

pytestmark = pytest.mark.django_db
TOWNS = {
    "leeds": ("GB", 53.79648, -1.54785, 455_123),
    "york": ("GB", 53.95763, -1.08271, 144_202),
    "london": ("GB", 51.50853, -0.12574, 8_961_989),
    "berlin": ("DE", 52.52437, 13.41053, 3_426_354),
}


@pytest.fixture(autouse=True)
def _places() -> None:
    """A gazetteer of a few places."""
    for key, (country, latitude, longitude, people) in TOWNS.items():
        Place.objects.create(
            country=country, kind="c", key=key, name=key.title(), latitude=latitude, longitude=longitude,
            population=people,
        )  # fmt: skip
    small = Place(country="US", kind="c", key="london", name="London", latitude=37.1, longitude=-84.1)
    small.save()
    for country, key, latitude, name in (("GB", "LS", 53.8, ""), ("DE", "10115", None, "Berlin")):
        Place.objects.create(
            country=country, kind="p", key=key, name=name, latitude=latitude, longitude=latitude and -1.5
        )


def km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The spherical law of cosines with vectors: not the formula that is compiled to SQL."""

    def vector(p: tuple[float, float]) -> tuple[float, float, float]:
        lat, lon = math.radians(p[0]), math.radians(p[1])
        return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)

    one, two = vector(a), vector(b)
    cross = [one[i - 2] * two[i - 1] - one[i - 1] * two[i - 2] for i in range(3)]
    return 6371.0088 * math.atan2(math.hypot(*cross), sum(x * y for x, y in zip(one, two, strict=True)))


def test_gazetteer_has_the_towns_of_the_world_under_their_names() -> None:
    found = {row.key: row for row in city_rows() if row.country == "DE" and row.population > 1_000_000}
    assert {"munich", "munchen"} & set(found)
    assert abs(found["berlin"].latitude or 0) == pytest.approx(52.524, abs=0.01)


def test_point_is_of_the_postcode_its_area_its_town_or_the_largest_town_of_the_name() -> None:
    point = point_of(country="GB", postcode="LS1 4AP", city="York")
    assert point is not None and (point.latitude, point.longitude) == (53.8, -1.5)
    assert point_of(country="DE", postcode="10115") == point_of(country="DE", city="Berlin")
    largest = point_of(country="", city="London")
    assert largest is not None and largest.name == "London, GB"
    there = point_of(country="us", city="LONDON")
    assert there is not None and there.name == "London, US"
    assert point_of(country="GB", postcode="ZZ9", city="Atlantis") is None


def test_words_of_a_circle() -> None:
    assert circle_of("50 km of Leeds").km == 50
    assert circle_of("30 miles from leeds, gb").km == pytest.approx(48.28, abs=0.01)
    assert circle_of("2,5 km um Berlin").centre.name == "Berlin, DE"
    assert circle_of("within 5 km of 10115 Berlin").centre.name == "Berlin, DE"
    assert circle_of("5 km of London, United States").centre.name == "London, US"
    for words in (
        "Leeds",
        "50 km of Atlantis",
        "5 km of Leeds, Nowhere",
        "50 km of Leeds, FR",
        "km of Leeds",
    ):
        with pytest.raises(ConditionError, match="Distance"):
            circle_of(words)


@pytest.mark.parametrize("centre", [(53.8, -1.55), (0.0, 179.9), (-16.0, -179.8), (89.5, 20.0), (-90.0, 0.0)])
def test_circle_equals_an_independent_formula_everywhere(centre: tuple[float, float]) -> None:
    numbers = random.Random(7)
    spots = [(numbers.uniform(-90, 90), numbers.uniform(-180, 180)) for _n in range(150)]
    spots += [(max(-90, min(90, centre[0] + numbers.gauss(0, 4))), (centre[1] + numbers.gauss(0, 9) + 540) % 360 - 180)
              for _n in range(250)]  # fmt: skip
    Contact.objects.bulk_create(
        Contact(last_name=str(n), latitude=lat, longitude=lon) for n, (lat, lon) in enumerate(spots)
    )
    for reach in (80.0, 900.0, 12_000.0):
        circle = Circle(Point(*centre, name=""), reach)
        wanted = {str(n) for n, spot in enumerate(spots) if km(centre, spot) <= reach}
        assert set(Contact.objects.filter(within(circle)).values_list("last_name", flat=True)) == wanted
        outside = Contact.objects.exclude(box(circle)).values_list("last_name", flat=True)
        assert not wanted & set(outside)


def test_distance_filters_lists_by_index() -> None:
    make_contact("Near", "N", city="York", country="GB")
    make_contact("Far", "F", city="London", country="GB")
    make_contact("Lost", "L", city="Atlantis")
    client = Client()
    client.force_login(make_user("marketing"))
    page = client.get(reverse("contacts:contact_list") + "?near=50 km of Leeds").content.decode()
    assert ("Near N" in page, "Far F" in page, "Lost L" in page) == (True, False, False)
    wrong = client.get(reverse("contacts:contact_list") + "?near=50 km of Atlantis").content.decode()
    assert "there is no place called “Atlantis”" in wrong
    assert client.get("/api/v1/contacts/?near=50 km of Leeds").json()["count"] == 1
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Contact.all_objects.filter(within(circle_of("50 km of Leeds"))).explain()
    assert "contacts_contact_where" in plan


def test_party_stands_at_its_primary_address_else_in_its_town() -> None:
    contact = make_contact(city="London", country="GB")
    contact.refresh_from_db()
    assert contact.latitude == TOWNS["london"][1]
    address = add_address(actor=None, contact=contact, postcode="LS1 4AP", country="GB")
    contact.refresh_from_db()
    assert (contact.latitude, contact.longitude) == (53.8, -1.5)
    remove_address(actor=None, address=address)
    update_contact(
        actor=None, contact=Contact.objects.get(pk=contact.pk), changes={"city": "Berlin", "country": "DE"}
    )
    contact.refresh_from_db()
    assert contact.latitude == TOWNS["berlin"][1]
    company = make_company(city="York", country="GB")
    assert company.latitude == TOWNS["york"][1]


def test_imported_people_are_put_on_the_map_later() -> None:
    Contact.objects.bulk_create([Contact(last_name="A", city="Leeds", country="GB"), Contact(last_name="B")])
    last, found = locate_missing(actor=None, model=Contact)
    assert (found, locate_missing(actor=None, model=Contact, after=last)) == (1, (0, 0))
    assert Contact.objects.get(last_name="A").latitude == TOWNS["leeds"][1]


def test_map_shows_towns_of_the_list_in_scope() -> None:
    own = make_user(make_role("own", contact="view:own"), make_team("South"))
    for _n in range(2):
        make_contact(city="Leeds", country="GB", owner=own)
    make_contact(city="Berlin", country="DE")
    client = Client()
    client.force_login(own)
    response = client.get(reverse("contacts:contact_map"))
    points: list[dict[str, Any]] = json.loads(json.dumps(response.context["points"]))
    assert [(point["city"], point["count"]) for point in points] == [("Leeds", 2)]
    assert points[0]["url"] == "/contacts/?country=GB&city__is=Leeds"
    assert "Berlin" not in response.content.decode()
    assert client.get(points[0]["url"]).context["count"] == 2


def test_codes_are_put_where_their_town_is_and_namesakes_where_their_neighbours_are() -> None:
    towns = {
        "neustadt": [(49.35, 8.14), (52.5, 9.46)], "landau": [(49.2, 8.11)], "wunstorf": [(52.42, 9.43)],
        "wien": [(48.2, 16.37)], "bourg en bresse": [(46.2, 5.22)],
    }  # fmt: skip
    codes = {
        "67433": "Neustadt", "67400": "Landau", "31535": "Neustadt", "31515": "Wunstorf", "31599": "Nowhere",
        "1010": "Wien, Innere Stadt", "01000": "BOURG EN BRESSE", "99999": "Nowhere",
    }  # fmt: skip
    assert locate(codes, towns) == {
        "67400": (49.2, 8.11), "67433": (49.35, 8.14), "31515": (52.42, 9.43), "31535": (52.5, 9.46),
        "31599": (52.42, 9.43), "1010": (48.2, 16.37), "01000": (46.2, 5.22),
    }  # fmt: skip


def test_town_decides_within_the_area_of_a_british_postcode() -> None:
    leeds = TOWNS["leeds"]
    assert point_of(country="GB", postcode="LS1 4AP", city="Leeds") == Point(leeds[1], leeds[2], "Leeds, GB")
    # London is not in the area of Leeds: the area stays
    found = point_of(country="GB", postcode="LS1 4AP", city="London")
    assert found is not None and (found.latitude, found.longitude) == (53.8, -1.5)


def test_an_installation_without_places_loads_them_once_and_says_so() -> None:
    assert start_locating_at_first(actor=None) is None
    Place.objects.all().delete()
    job = start_locating_at_first(actor=None)
    assert (job.kind, job.state) == ("contacts.locate", "queued")
    assert start_locating_at_first(actor=None) is None
    with pytest.raises(ConditionError, match="being loaded"):
        circle_of("50 km of Leeds")
