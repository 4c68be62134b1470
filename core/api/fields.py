"""Fields of serializers that core's rules need."""

from typing import Any

from django.db.models import Model, QuerySet
from rest_framework import serializers


class VisibleRecordField(serializers.PrimaryKeyRelatedField):
    """A reference by id; only records that the caller may see are accepted, any other is «does not exist»."""

    def __init__(self, model: type[Model], **kwargs: Any) -> None:
        self.model = model
        if not kwargs.get("read_only"):
            kwargs["queryset"] = model._default_manager.all()
        super().__init__(**kwargs)

    def get_queryset(self) -> QuerySet[Any] | None:
        queryset = super().get_queryset()
        request = self.context.get("request")
        if queryset is None or request is None:
            return queryset
        return queryset.visible_to(request.user)  # type: ignore[no-any-return, attr-defined]
