from pathlib import Path

from local.memory import machine_bytes
from local.postgres import OPTIONS, sized_options

GIB = 1024**3


def test_a_quarter_of_the_memory_holds_pages():
    assert sized_options(24 * GIB) == (*OPTIONS, "shared_buffers=6144MB", "effective_cache_size=12288MB")


def test_small_and_large_machines_stay_within_bounds():
    assert sized_options(GIB // 4)[-2:] == ("shared_buffers=128MB", "effective_cache_size=256MB")
    assert sized_options(256 * GIB)[-2] == "shared_buffers=8192MB"


def test_a_container_has_what_its_group_leaves(tmp_path: Path):
    limit = tmp_path / "memory.max"
    whole = machine_bytes(limit)
    limit.write_text("max\n")
    assert machine_bytes(limit) == whole
    limit.write_text(f"{GIB // 8}\n")
    assert machine_bytes(limit) == GIB // 8
