"""The form of a lifecycle rule; its condition is built beside it."""

from typing import ClassVar

from contacts.models import LifecycleRule
from core.ui.forms import RecordForm


class LifecycleRuleForm(RecordForm):
    """From where to where, and whether by itself."""

    class Meta:
        model = LifecycleRule
        fields: ClassVar = ["name", "from_stage", "to_stage", "is_automatic", "is_active"]
