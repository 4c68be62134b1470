"""Choices of marketing."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CampaignState(TextChoices):
    """The life of a campaign; `rules.TRANSITIONS` says what may follow what."""

    DRAFT = "draft", _("Draft")
    SENDING = "sending", _("Sending")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", _("Finished")
    STOPPED = "stopped", _("Stopped")


class RecipientState(TextChoices):
    """Where one line of the send ledger stands. `unknown`: handed over, but the answer was never seen."""

    QUEUED = "queued", _("Waiting")
    LEASED = "leased", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    SUPPRESSED = "suppressed", _("Left out")
    UNKNOWN = "unknown", _("Unknown")


class LeftOut(TextChoices):
    """Why somebody of the audience is not sent to, or was not reached."""

    NO_ADDRESS = "no_address", _("No e-mail address")
    DUPLICATE_ADDRESS = "duplicate_address", _("Same address as another person")
    SUPPRESSED = "suppressed", _("Address is on the suppression list")
    DO_NOT_CONTACT = "do_not_contact", _("Do not contact")
    WITHDRAWN = "withdrawn", _("Consent withdrawn")
    NO_CONSENT = "no_consent", _("No consent")
    PAUSED = "paused", _("Mailings paused by the person")
    TOO_OFTEN = "too_often", _("The person wants mailings less often")
    BOUNCED = "bounced", _("Address bounced before")
    STOPPED = "stopped", _("Campaign stopped")
    REFUSED = "refused", _("Refused by the receiving server")
    UNSENDABLE = "unsendable", _("Address can't be used in a mail")
    GAVE_UP = "gave_up", _("Put off too often by the receiving server")


class EngagementKind(TextChoices):
    """What a recipient (or a machine on the way) did."""

    OPEN = "open", _("Opened")
    CLICK = "click", _("Clicked")
    UNSUBSCRIBE = "unsubscribe", _("Unsubscribed")
    BOUNCE = "bounce", _("Bounced")
    COMPLAINT = "complaint", _("Complained")


class Evidence(TextChoices):
    """Who most likely caused an engagement. Nothing may be decided on opens alone."""

    HUMAN = "human", _("A person")
    PROXY = "proxy", _("Image proxy")
    SCANNER = "scanner", _("Security scanner")
    UNKNOWN = "unknown", _("Not known")
