"""Import and export targets: what `import_records --target …` and the import page can fill."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.importing.targets import ImportTarget

_targets: dict[str, "ImportTarget"] = {}


def register(target: "ImportTarget") -> None:
    _targets[target.key] = target


def get(key: str) -> "ImportTarget | None":
    return _targets.get(key)


def all_targets() -> list["ImportTarget"]:
    return list(_targets.values())
