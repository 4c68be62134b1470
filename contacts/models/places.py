"""The gazetteer: names of places and postcodes with their coordinates, loaded from packages."""

from typing import ClassVar

from django.db import models

from core.models import ScopedManager
from core.privacy.classes import classify
from core.scope.rules import SharedScope


class Place(models.Model):
    """One name of a town (`kind` c) or one postcode (p). Reference data, the same in every installation."""

    country = models.CharField(max_length=2)
    kind = models.CharField(max_length=1)
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    population = models.PositiveIntegerField(default=0)

    record_type: ClassVar[str] = "place"
    history = False  # reference data, loaded as a whole
    objects = ScopedManager()
    scope = SharedScope()
    privacy = classify(technical="id country kind key name latitude longitude population", base=())

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["key", "kind", "country", "-population"], name="contacts_place_key")
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.country}"
