"""The picture of overlapping sets: areas that are true, and every region a link."""

import math
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.ui.charts.sets import Region, distance_for, lens_area, overlap_chart

AREA = st.floats(1, 1_000_000)


@given(AREA, AREA, st.floats(0, 1))
@example(1.0, 1.0000000000000002, 1.0)
def test_circles_share_the_area_that_is_asked_for(first: float, second: float, share: float) -> None:
    wanted = share * min(first, second)
    one, other = math.sqrt(first / math.pi), math.sqrt(second / math.pi)
    apart = distance_for(one, other, wanted)
    assert abs(lens_area(one, other, apart) - wanted) <= 1e-6 * max(first, second)
    assert abs(one - other) - 1e-6 <= apart <= one + other + 1e-6


def test_lens_of_two_unit_circles_is_the_textbooks() -> None:
    assert lens_area(1, 1, 1) == pytest.approx(2 * math.pi / 3 - math.sqrt(3) / 2)
    assert (lens_area(1, 1, 2), lens_area(2, 1, 0.5)) == (0.0, pytest.approx(math.pi))


def _drawn(regions: list[Region], names: str = "AB") -> str:
    wide, _svg, _rest = str(overlap_chart("Overlap", names, regions)).partition("</svg>")
    return wide


def test_two_sets_are_circles_of_true_area_and_every_region_is_opened() -> None:
    page = _drawn(
        [Region((True, False), 30, "/a"), Region((True, True), 10, "/ab"), Region((False, True), 70, "/b")]
    )
    radii = [float(r) for r in re.findall(r'<circle class="series-\d set"[^>]* r="([\d.]+)"', page)]
    assert (radii[1] / radii[0]) ** 2 == pytest.approx(80 / 40, rel=0.01)
    assert {"/a", "/ab", "/b"} == set(re.findall(r'href="([^"]+)"', page))
    assert page.count('class="set shared"') == 1
    assert 'aria-label="A + B: 10"' in page


def test_set_within_the_other_is_drawn_inside_it() -> None:
    page = _drawn([Region((True, False), 30, "/a"), Region((True, True), 10, "/ab")])
    circles = re.findall(r'<circle class="series-\d set" cx="([\d.]+)" cy="[\d.]+" r="([\d.]+)"', page)
    (x, radius), (inner_x, inner) = ((float(one), float(two)) for one, two in circles)
    assert abs(inner_x - x) + inner <= radius + 0.2
    assert page.count('<circle class="set shared"') == 1


def test_sets_apart_do_not_touch() -> None:
    page = _drawn([Region((True, False), 30), Region((False, True), 20)])
    circles = re.findall(r'<circle class="series-\d set" cx="([\d.]+)" cy="[\d.]+" r="([\d.]+)"', page)
    (x, radius), (other_x, other) = ((float(one), float(two)) for one, two in circles)
    assert other_x - x > radius + other
    assert "set shared" not in page


def test_three_sets_are_bars_by_combination_the_largest_first() -> None:
    regions = [
        Region((True, False, True), 5, "/ac"),
        Region((False, True, False), 9, "/b"),
        Region((True, True, True), 0),
    ]
    page = _drawn(regions, "ABC")
    assert re.findall(r'href="([^"]+)"', page) == ["/b", "/ac"]
    assert page.count('class="set-dot off"') == 3
    assert page.count('class="set-dot"') == 3


def test_figures_stand_in_a_table_behind_the_picture() -> None:
    page = str(overlap_chart("Overlap", "AB", [Region((True, True), 3), Region((True, False), 4)]))
    assert '<th scope="row">A + B</th><td class="end num">3</td>' in page
