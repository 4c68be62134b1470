"""How the API's description words what segments and personas answer besides the record itself."""

from typing import Any

from rest_framework import serializers


class NamedSerializer(serializers.Serializer[Any]):
    """Somebody by number and name."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class SegmentPreviewSerializer(serializers.Serializer[Any]):
    """How many people a rule holds, the first of them, and the rule read aloud."""

    count = serializers.IntegerField()
    count_is_exact = serializers.BooleanField()
    sample = NamedSerializer(many=True)
    words = serializers.CharField()


class SegmentMembersSerializer(serializers.Serializer[Any]):
    """A page of members; `next` is the cursor of the page after."""

    results = NamedSerializer(many=True)
    next = serializers.CharField()
    count = serializers.IntegerField()
    count_is_exact = serializers.BooleanField()


class SegmentAddedSerializer(serializers.Serializer[Any]):
    """How many were put in."""

    added = serializers.IntegerField()


class SegmentRemovedSerializer(serializers.Serializer[Any]):
    """How many were taken out."""

    removed = serializers.IntegerField()


class PassageSerializer(serializers.Serializer[Any]):
    """When one contact was inside, and how we know."""

    how = serializers.CharField()
    at = serializers.DateTimeField()
    inside = serializers.BooleanField()


class SegmentWhySerializer(serializers.Serializer[Any]):
    """`reason` is the rule as it stands, groups within groups: `{group, met, parts}` for a group and
    `{condition, met, value}` for a condition, in words."""

    contact = serializers.IntegerField()
    reason = serializers.DictField()
    history = PassageSerializer(many=True)


class SegmentPassageSerializer(serializers.Serializer[Any]):
    """Somebody who entered or left."""

    contact = serializers.IntegerField()
    entered = serializers.BooleanField()
    at = serializers.DateTimeField()


class SegmentHistorySerializer(serializers.Serializer[Any]):
    """A page of who entered and left."""

    results = SegmentPassageSerializer(many=True)
    next = serializers.CharField()


class RegionSerializer(serializers.Serializer[Any]):
    """The people who are in exactly these segments."""

    segments = serializers.ListField(child=serializers.IntegerField())
    people = serializers.IntegerField()


class SegmentPairSerializer(RegionSerializer):
    """The people who are in both; `share` is their part of those in either."""

    share = serializers.FloatField()


class SegmentOverlapSerializer(serializers.Serializer[Any]):
    """How segments overlap."""

    segments = serializers.ListField(child=serializers.IntegerField())
    exact = RegionSerializer(many=True)
    pairs = SegmentPairSerializer(many=True)


class BucketSerializer(serializers.Serializer[Any]):
    """One value and how many people have it."""

    label = serializers.CharField()  # type: ignore[assignment]
    people = serializers.IntegerField()


class SpreadSerializer(serializers.Serializer[Any]):
    """How the people spread over one field."""

    label = serializers.CharField()  # type: ignore[assignment]
    buckets = BucketSerializer(many=True)


class PortraitSerializer(serializers.Serializer[Any]):
    """How many people, how many of them were looked at, the typical one's number, and how they spread."""

    people = serializers.IntegerField()
    looked_at = serializers.IntegerField()
    typical = serializers.IntegerField(allow_null=True)
    spreads = SpreadSerializer(many=True)
