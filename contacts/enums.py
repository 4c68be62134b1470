"""Choices of contacts."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LifecycleStage(TextChoices):
    """Where a person stands with us."""

    SUBSCRIBER = "subscriber", _("Subscriber")
    LEAD = "lead", _("Lead")
    OPPORTUNITY = "opportunity", _("Opportunity")
    CUSTOMER = "customer", _("Customer")
    FORMER = "former", _("Former customer")
    OTHER = "other", _("Other")


class CompanyKind(TextChoices):
    """What a company is to us."""

    PROSPECT = "prospect", _("Prospect")
    CUSTOMER = "customer", _("Customer")
    PARTNER = "partner", _("Partner")
    SUPPLIER = "supplier", _("Supplier")
    COMPETITOR = "competitor", _("Competitor")


class BuyingRole(TextChoices):
    """The part a person plays when a company buys."""

    DECISION_MAKER = "decision_maker", _("Decision maker")
    CHAMPION = "champion", _("Champion")
    INFLUENCER = "influencer", _("Influencer")
    USER = "user", _("User")
    FINANCE = "finance", _("Finance")
    LEGAL = "legal", _("Legal")
    BLOCKER = "blocker", _("Opponent")
    OTHER = "other", _("Other")


class PointKind(TextChoices):
    """A way to reach somebody."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    MOBILE = "mobile", _("Mobile")
    WEBSITE = "website", _("Website")
    SOCIAL = "social", _("Social")


class ActivityKind(TextChoices):
    """What people do with each other."""

    CALL = "call", _("Call")
    NOTE = "note", _("Note")
    EMAIL = "email", _("E-mail")
    TASK = "task", _("Task")
    MEETING = "meeting", _("Meeting")
    VISIT = "visit", _("Visit")


class CallOutcome(TextChoices):
    """How a call ended."""

    CONNECTED = "connected", _("Connected")
    NO_ANSWER = "no_answer", _("No answer")
    VOICEMAIL = "voicemail", _("Left voicemail")
    BUSY = "busy", _("Busy")


class ConsentState(TextChoices):
    """What a line of the consent ledger says."""

    PENDING = "pending", _("Asked, not confirmed")
    GRANTED = "granted", _("Given")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class LegalBasis(TextChoices):
    """Article 6 of the GDPR."""

    CONSENT = "consent", _("Consent")
    CONTRACT = "contract", _("Contract")
    LEGITIMATE_INTEREST = "legitimate_interest", _("Legitimate interest")
    LEGAL_OBLIGATION = "legal_obligation", _("Legal obligation")


class SuppressionScope(TextChoices):
    """What may not be sent to a suppressed address."""

    MARKETING = "marketing", _("Marketing")
    ALL = "all", _("Everything")


class SuppressionCause(TextChoices):
    """Why an address is suppressed."""

    UNSUBSCRIBED = "unsubscribed", _("Unsubscribed")
    BOUNCED = "bounced", _("Bounced")
    COMPLAINED = "complained", _("Complained")
    MANUAL = "manual", _("By hand")
    ERASED = "erased", _("Erased")


class SegmentKind(TextChoices):
    """Whether a segment follows its rule or keeps its members."""

    DYNAMIC = "dynamic", _("Follows its rule")
    STATIC = "static", _("Fixed members")


class MetricStatus(TextChoices):
    """Whether a customer could be scored."""

    SCORED = "scored", _("Scored")
    NOT_ENOUGH_DATA = "not_enough_data", _("Not enough data")


class MergeOrigin(TextChoices):
    """By which way records were merged."""

    PAGE = "page", _("By hand")
    API = "api", _("API")
    COMMAND = "command", _("Command")
    JOB = "job", _("By itself")


class StepKind(TextChoices):
    """What a step of a merge did."""

    MOVED = "M", _("Moved")
    CHANGED = "U", _("Changed")
    REMOVED = "D", _("Removed")
    ADDED = "I", _("Added")


class MergePolicy(TextChoices):
    """Which of several values a merge proposes. An empty one never wins over a filled one."""

    SURVIVOR = "survivor", _("The value of the record that stays")
    FULLEST = "fullest", _("The same, unless another writes it out in full")
    NEWEST = "newest", _("The value of the record changed last")
    OLDEST = "oldest", _("The value of the oldest record")
    FURTHEST = "furthest", _("The stage that is furthest on")
    TOGETHER = "together", _("All texts, one below the other")
    ANY = "any", _("Yes, if any of them says yes")
