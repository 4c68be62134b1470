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


class PreferredChannel(TextChoices):
    """How somebody likes to be reached."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    MESSAGE = "message", _("Text message")
    CHAT = "chat", _("Chat")
    MEETING = "meeting", _("In person")
    POST = "post", _("Post")
    SOCIAL = "social", _("Social network")


class CommunicationStyle(TextChoices):
    """How somebody likes to be talked to."""

    DIRECT = "direct", _("Direct and brief")
    ANALYTICAL = "analytical", _("Facts and figures")
    RELATING = "relating", _("Personal and warm")
    EXPRESSIVE = "expressive", _("Ideas and pictures")


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


class Channel(TextChoices):
    """By what somebody may be written to or called."""

    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    SMS = "sms", _("Text message")
    POST = "post", _("Post")


class Frequency(TextChoices):
    """How often somebody wants mailings at most."""

    ANY = "any", _("As they come")
    WEEKLY = "weekly", _("Once a week at most")
    MONTHLY = "monthly", _("Once a month at most")


class Sending(TextChoices):
    """Why something is sent: what forbids it depends on that.

    Mailings need all of it to be fine. A letter from one person to another is no mailing. An answer to an open
    request is owed even to somebody who wants no other mail. What somebody has just asked for themselves
    (a link, a confirmation) is sent to whoever was not erased and whose address is not dead.
    """

    MARKETING = "marketing", _("Mailing")
    PERSONAL = "personal", _("Personal e-mail")
    SERVICE = "service", _("Answer to a request")
    REQUESTED = "requested", _("What the person asked for")


class Refusal(TextChoices):
    """Why nothing is sent to somebody."""

    NO_ADDRESS = "no_address", _("No e-mail address")
    DO_NOT_CONTACT = "do_not_contact", _("Do not contact")
    SUPPRESSED = "suppressed", _("Address is on the suppression list")
    WITHDRAWN = "withdrawn", _("Consent withdrawn")
    NO_CONSENT = "no_consent", _("No consent")
    PAUSED = "paused", _("Mailings paused")
    TOO_OFTEN = "too_often", _("Had a mailing recently, and wants them less often")
    BOUNCED = "bounced", _("Address bounced before")


class RequestKind(TextChoices):
    """What somebody asks about their own data."""

    ACCESS = "access", _("Access")
    CORRECTION = "correction", _("Correction")
    ERASURE = "erasure", _("Erasure")
    OBJECTION = "objection", _("Objection")
    QUESTION = "question", _("Question")


class RequestState(TextChoices):
    """Where a request stands. `held`: the law demands that the data is kept for now."""

    OPEN = "open", _("Open")
    HELD = "held", _("On legal hold")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")

    @classmethod
    def open_states(cls) -> list[str]:
        return [cls.OPEN, cls.HELD]


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


class StandardState(TextChoices):
    """Where a standardising stands."""

    FINDING = "finding", _("Searching")
    FOUND = "found", _("To be looked at")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    UNDONE = "undone", _("Undone")


class PairState(TextChoices):
    """What became of two records that may be one."""

    OPEN = "open", _("Open")
    DISMISSED = "dismissed", _("Not the same")
    MERGED = "merged", _("Merged")


class ValueOrigin(TextChoices):
    """Where a suggested value was found."""

    MAIL_DOMAIN = "mail_domain", _("the mail domain")
    SIGNATURE = "signature", _("a mail signature")
    WEBSITE = "website", _("the company's site")


class SuggestionState(TextChoices):
    """What a person made of a suggested value."""

    SUGGESTED = "suggested", _("Suggested")
    ACCEPTED = "accepted", _("Accepted")
    DISMISSED = "dismissed", _("Dismissed")
