"""What the organisation decided about requests, edited in the product."""

from typing import Any

from contacts.models import PrivacySettings
from contacts.services.privacy import may_hand_out
from core.services.base import service


@service
def save_privacy_settings(*, actor: Any, erase_on_request: bool) -> PrivacySettings:
    """Write the settings; the history keeps who decided what. Raises NotAllowed."""
    may_hand_out(actor)
    row, _created = PrivacySettings.objects.select_for_update().get_or_create(pk=1)
    if row.erase_on_request != erase_on_request:
        row.erase_on_request = erase_on_request
        row.save(update_fields=["erase_on_request", "updated_at"])
    return row
