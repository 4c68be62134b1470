"""The names of custom fields where they stand beside a record's own: forms, columns, filters, grants."""

PREFIX = "cf_"


def is_custom(name: str) -> bool:
    return name.startswith(PREFIX)


def key_of(name: str) -> str:
    return name.removeprefix(PREFIX)
