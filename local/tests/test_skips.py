"""Which skips fail a full run."""

from local.skips import NO_SAMPLE_DATA, unlisted_skips


def test_unlisted_skips_names_what_no_line_allows() -> None:
    listed = "# why\ncore/tests/test_a.py::test_mac*  only on a Mac\n\n"
    skipped = {"core/tests/test_a.py::test_mac_path": "no Mac", "core/tests/test_b.py::test_b": "lazy"}
    assert unlisted_skips(skipped, listed) == ["core/tests/test_b.py::test_b: lazy"]


def test_unlisted_skips_allows_nothing_by_an_empty_list() -> None:
    assert unlisted_skips({"a::b": "x"}, "") == ["a::b: x"]


def test_unlisted_skips_allows_missing_sample_data() -> None:
    assert unlisted_skips({"a::b": f"Skipped: {NO_SAMPLE_DATA}"}, "") == []
