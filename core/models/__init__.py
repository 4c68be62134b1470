from core.models.base import BaseModel, LiveManager, Record, ScopedManager, ScopedQuerySet
from core.models.custom import CustomField, CustomValues
from core.models.history import Change, ChangeSet, TrackedModel
from core.models.importing import ImportBatch, ImportMapping, ImportRow
from core.models.organisation import ExchangeRate, Organisation, currency_code
from core.models.people import Role, RoleGrant, Team, User
from core.models.retention import RetentionPolicy, RetentionRun
from core.models.sharing import Comment, Document, DocumentLink
from core.models.ui import ApiToken, Favourite, File, IdempotencyKey, Notification, SavedView, Tag
from core.models.work import ExportEntry, HandledEvent, Job, OutboxEvent

__all__ = [
    "ApiToken",
    "BaseModel",
    "Change",
    "ChangeSet",
    "Comment",
    "CustomField",
    "CustomValues",
    "Document",
    "DocumentLink",
    "ExchangeRate",
    "ExportEntry",
    "Favourite",
    "File",
    "HandledEvent",
    "IdempotencyKey",
    "ImportBatch",
    "ImportMapping",
    "ImportRow",
    "Job",
    "LiveManager",
    "Notification",
    "Organisation",
    "OutboxEvent",
    "Record",
    "RetentionPolicy",
    "RetentionRun",
    "Role",
    "RoleGrant",
    "SavedView",
    "ScopedManager",
    "ScopedQuerySet",
    "Tag",
    "Team",
    "TrackedModel",
    "User",
    "currency_code",
]
