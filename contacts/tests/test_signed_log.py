"""The files of signed lines beside the database."""

from pathlib import Path

from contacts import signed_log


def test_a_torn_line_takes_no_other_with_it(tmp_path: Path) -> None:
    path = tmp_path / "log" / "lines.jsonl"
    signed_log.append(path, "refusal", [{"n": 1}, {"n": 2}])
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])  # the machine stopped in the middle of the second
    signed_log.append(path, "refusal", [{"n": 3}])
    signed_log.append(path, "refusal", [{"n": 4}])
    assert list(signed_log.lines(path, "refusal")) == [(f'{{"n": {n}}}', True) for n in (1, 3, 4)]


def test_a_line_of_another_kind_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    signed_log.append(path, "erasure", [{"n": 1}])
    assert [is_ours for _body, is_ours in signed_log.lines(path, "refusal")] == [False]
