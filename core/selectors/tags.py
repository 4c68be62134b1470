"""Tags with how often each is used."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from core.models import Tag
from core.services.tags import tag_tables


def tags_with_uses(user: Any) -> QuerySet[Tag]:
    """Every tag with `uses`: on how many records of all types it stands, whoever sees them; a tag is a word
    that everybody shares, and how common it is tells nothing about a record."""
    total: Any = Value(0)
    for through in tag_tables():
        here = through._default_manager.filter(tag=OuterRef("pk")).order_by().values("tag")
        count = Subquery(here.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
        total = total + Coalesce(count, 0)
    rows: QuerySet[Tag] = Tag.objects.visible_to(user)
    return rows.annotate(uses=total).order_by("name", "pk")
