"""The form of a segment. Its rule is built beside it (`contacts.segmentation`)."""

from typing import Any, ClassVar

from django import forms

from contacts.models import Segment
from core.ui.forms import RecordForm


class SegmentForm(RecordForm):
    class Meta:
        model = Segment
        fields: ClassVar = ["name", "description", "kind"]
        widgets: ClassVar = {"description": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "kind" in self.fields:
            self.fields["kind"].disabled = True
