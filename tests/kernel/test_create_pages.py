"""Every page that creates a record knows its form again when it is sent a second time."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core.tests.factories import make_user
from core.ui.form_pages import CreatePage


def create_pages(patterns: list[URLPattern | URLResolver], namespace: str = "") -> Iterator[str]:
    """The names of the URLs whose view is a CreatePage."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from create_pages(
                one.url_patterns, f"{namespace}{one.namespace}:" if one.namespace else namespace
            )
        elif issubclass(getattr(one.callback, "view_class", object), CreatePage):
            yield f"{namespace}{one.name}"


@pytest.mark.django_db
def test_every_create_page_carries_a_token_once(client: Client) -> None:
    client.force_login(make_user("admin"))
    names = sorted(set(create_pages(get_resolver().url_patterns)))
    assert len(names) >= 12, names
    for headers in ({}, {"HX-Request": "true", "X-Dialog": "dialog-1"}):
        pages = {name: client.get(reverse(name), headers=headers).content.decode() for name in names}
        assert [name for name, page in pages.items() if page.count('name="once" value="') != 1] == []
