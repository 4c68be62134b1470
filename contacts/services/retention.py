"""Writing retention policies, and starting them by hand."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from contacts.services.privacy import may_hand_out
from core.models import Job, RetentionPolicy
from core.registries import retention
from core.services.base import service
from core.services.jobs import enqueue_job


@service
def save_policy(*, actor: Any, policy: RetentionPolicy | None = None, **values: Any) -> RetentionPolicy:
    """Write a new policy or change one. Raises ValidationError by field, NotAllowed."""
    may_hand_out(actor)
    policy = policy or RetentionPolicy()
    for name, value in values.items():
        setattr(policy, name, value)
    target = retention.get(policy.applies_to)
    if target is None or policy.moment not in target.moments:
        raise ValidationError({"moment": _("These records know no such moment.")})
    if policy.action not in target.actions:
        raise ValidationError({"action": _("This can't be done with these records.")})
    policy.full_clean()
    policy.save()
    return policy


@service
def remove_policy(*, actor: Any, policy: RetentionPolicy) -> None:
    """Take a policy away, with the reports of what it did. Raises NotAllowed."""
    may_hand_out(actor)
    policy.delete()


@service
def start_policy(*, actor: Any, policy: RetentionPolicy) -> Job:
    """Run one policy now, as a job. Raises NotAllowed."""
    may_hand_out(actor)
    params = {"policy": policy.pk, "name": policy.name}
    return enqueue_job(actor=actor, kind="core.retention", params=params)
