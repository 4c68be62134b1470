"""British postcodes: the grids against published points, the parts of a code, and what an address is found by."""

import pytest

from contacts.geo.british import IRELAND, degrees, part_rows, parts_of
from contacts.geo.distance import circle_of
from contacts.geo.lookup import point_of
from contacts.models import Place
from contacts.services.addresses import add_address
from contacts.tests.factories import make_contact

CLOSE = 0.0002
"""Degrees: some 20 m."""


def test_grids_give_published_points() -> None:
    # the worked example of the Ordnance Survey's guide: the water tower of Caister
    assert degrees(651_409.903, 313_177.270) == pytest.approx((52.657977, 1.716052), abs=CLOSE)
    assert degrees(530_000, 180_000) == pytest.approx((51.503796, -0.128192), abs=CLOSE)  # Whitehall
    assert degrees(333_800, 374_000, IRELAND) == pytest.approx((54.59652, -5.93058), abs=CLOSE)  # Belfast


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("LS1 4AP", ["LS1 4", "LS1", "LS"]), ("ls14ap", ["LS1 4", "LS1", "LS"]), ("LS14", ["LS14", "LS"]),
        ("LS1 4", ["LS1 4", "LS1", "LS"]), ("SW1A 1AA", ["SW1A 1", "SW1A", "SW"]), ("M1 1AE", ["M1 1", "M1", "M"]),
        ("10115", []), ("", []),
    ],
)  # fmt: skip
def test_parts_of_a_postcode(text: str, parts: list[str]) -> None:
    assert parts_of(text) == parts


def test_directory_has_every_district_and_sector_in_its_place() -> None:
    found = {part: (latitude, longitude) for part, latitude, longitude in part_rows()}
    sectors = [part for part in found if " " in part]
    assert (len(sectors), len(found)) == (12_272, 15_350)
    places = {
        "LS1 4": (53.796, -1.554), "EH1 1": (55.951, -3.189), "BT1 5": (54.597, -5.930), "SW1A": (51.502, -0.134),
    }  # fmt: skip
    for part, point in places.items():
        assert found[part] == pytest.approx(point, abs=0.005)
    assert all(49.8 < latitude < 60.9 and -8.7 < longitude < 1.8 for latitude, longitude in found.values())


@pytest.mark.django_db
def test_address_is_found_by_the_closest_part_and_a_circle_by_its_postcode() -> None:
    Place.objects.bulk_create(
        Place(country=country, kind="p", key=key, name=key, latitude=latitude, longitude=longitude)
        for country, key, latitude, longitude in (
            ("GB", "LS", 53.8, -1.5), ("GB", "LS1", 53.797, -1.553), ("GB", "LS1 4", 53.796, -1.554),
            ("GB", "LS14", 53.827, -1.458), ("NL", "1011", 52.37, 4.9), ("CA", "M5V", 43.64, -79.39),
            ("US", "10001", 40.75, -73.99),
        )
    )  # fmt: skip
    known = {
        ("GB", "LS1 4AP"): 53.796, ("GB", "ls14ap"): 53.796, ("GB", "LS1 9ZZ"): 53.797, ("GB", "LS14"): 53.827,
        ("GB", "LS29 8AB"): 53.8, ("NL", "1011 AB"): 52.37, ("CA", "M5V 3L9"): 43.64, ("US", "10001-1234"): 40.75,
    }  # fmt: skip
    for (country, code), latitude in known.items():
        point = point_of(country=country, postcode=code)
        assert point is not None and point.latitude == latitude, code
    assert point_of(country="DE", postcode="1011 AB") is None
    assert circle_of("2 km of LS1 4AP").centre.latitude == 53.796
    assert circle_of("5 km of 1011, NL").centre.latitude == 52.37
    contact = make_contact()
    add_address(actor=None, contact=contact, postcode="LS1 4AP", city="Leeds", country="GB")
    contact.refresh_from_db()
    assert (contact.latitude, contact.longitude) == (53.796, -1.554)
