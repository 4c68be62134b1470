"""Keys of other programs: told apart by whose they are, so that the 51 of one is not the 51 of another."""

import re

from django.utils.translation import gettext as _

from core.importing.style import BadValue

EXTERNAL_ID = "external_id"
LIMIT = 120  # letters of an external id, wherever one is kept
NAMESPACE = re.compile(r"[a-z0-9][a-z0-9_-]{0,19}")
QUALIFIED = re.compile(rf"({NAMESPACE.pattern}):(.+)", re.DOTALL)


def qualified(namespace: str, text: str) -> str:
    """The key as it is kept: with the program before it. Keys of nobody in particular, and those that name
    their program already (our own exports), stay as they are.

    >>> qualified("hubspot", "51"), qualified("", "51"), qualified("hubspot", "hubspot:51")
    ('hubspot:51', '51', 'hubspot:51')
    """
    if not namespace or not text or text.startswith(f"{namespace}:"):
        return text
    return f"{namespace}:{text}"


def namespace_of(key: str) -> str:
    """Whose key it is; empty where nobody said.

    >>> namespace_of("hubspot:51"), namespace_of("51")
    ('hubspot', '')
    """
    found = QUALIFIED.fullmatch(key)
    return found[1] if found else ""


def clean_external_id(namespace: str, text: str) -> str:
    """The qualified key. Raises BadValue for one that is too long to be kept."""
    key = qualified(namespace, text)
    if len(key) > LIMIT:
        raise BadValue(_("is longer than %(limit)s characters. Shorten it.") % {"limit": LIMIT})
    return key
