"""What core registers for itself."""

from django.utils.translation import gettext_lazy as _

from core.api import router
from core.api.comments import CommentRecords
from core.api.custom_fields import CustomFieldRecords
from core.api.documents import DocumentRecords
from core.api.exports import ExportRecords
from core.api.favourites import FavouriteRecords
from core.api.files import FileRecords
from core.api.imports import ImportRecords, MappingRecords
from core.api.jobs import JobRecords
from core.api.tags import TagRecords
from core.conditions import criteria as conditions
from core.conditions.criteria import Criterion, Kind
from core.custom_fields import registrations as custom_fields  # noqa: F401  (registers itself)
from core.enums import Sharing
from core.exporting import running as exporting  # noqa: F401  (its job kind registers itself)
from core.exporting.forgetting import forget_exports, forget_old_exports
from core.importing import running, undoing  # noqa: F401  (job kinds register themselves)
from core.importing.users import UserTarget
from core.models import (
    Comment,
    Document,
    DocumentLink,
    Favourite,
    File,
    HandledEvent,
    ImportRow,
    Notification,
    OutboxEvent,
    Tag,
    Team,
    User,
)
from core.privacy import elsewhere
from core.privacy.mentions import forget_mentions, search_also
from core.privacy.sessions import forget_messages
from core.registries import (
    columns,
    grants,
    home,
    imports,
    navigation,
    panels,
    records,
    relinkers,
    retention,
)
from core.registries.grants import FULL, READ, A, N, T
from core.registries.home import FirstStep
from core.registries.navigation import NavEntry
from core.registries.panels import Panel
from core.registries.records import RecordType
from core.registries.relinkers import Relinker
from core.retention import policies  # noqa: F401  (its job kind registers itself)
from core.ui import bulk  # noqa: F401  (its job kind registers itself)
from core.ui.everywhere import DOCUMENT_COLUMNS, comments_card, documents_card
from core.ui.search import search_documents, search_people, search_tags, search_teams

grants.register_capability("run_imports", _("Import files, and undo imports"))
grants.register_capability("share_views", _("Share saved views and import mappings with the team"))
grants.register_capability("see_audit", _("See the audit, and who can see a record"))
grants.register_capability("see_jobs", _("See everybody's running work"))
grants.register_capability("manage_custom_fields", _("Define custom fields"))

grants.register("user", manager=READ, sales=READ, marketing=READ, service=READ, analyst=READ, readonly=READ)
grants.register("team", manager=READ, sales=READ, marketing=READ, service=READ, analyst=READ, readonly=READ)
grants.register("role", manager=READ)
grants.register("tag", manager=FULL, sales=FULL, marketing=FULL, service=FULL, analyst=READ, readonly=READ)
grants.register(
    "organisation", manager=READ, sales=READ, marketing=READ, service=READ, analyst=READ, readonly=READ
)
grants.register(
    "exchange_rate", manager=FULL, sales=READ, marketing=READ, service=READ, analyst=READ, readonly=READ
)

for _role, _label in (("comment", _("Comments")), ("document", "")):
    grants.register(
        _role,
        _label,
        manager=(T, A, T, T, T),
        sales=(T, A, T, T, N),
        marketing=(T, A, T, T, N),
        service=(T, A, T, T, N),
        analyst=(T, A, T, T, T),
        readonly=(T, N, N, N, N),
    )

records.register(
    RecordType("user", User, _("Person"), _("People"), icon="user", search=search_people, restorable=False)
)
records.register(
    RecordType("team", Team, _("Team"), _("Teams"), icon="users-group", search=search_teams, restorable=False)
)
records.register(
    RecordType("tag", Tag, _("Tag"), _("Tags"), icon="tag", search=search_tags, restorable=False)
)

records.register(
    RecordType(
        "document",
        Document,
        _("Document"),
        _("Documents"),
        icon="files",
        list_url="core:document_list",
        detail_url="core:document_detail",
        create_url="core:document_create",
        search=search_documents,
    )
)
conditions.register(
    "document",
    Criterion("name", _("Name"), Kind.TEXT, path="name", icon="files"),
    Criterion(
        "sharing",
        _("Shared with"),
        Kind.CHOICE,
        path="sharing",
        choices=lambda: Sharing.choices,
        icon="users-group",
    ),
    Criterion("owner", _("Owner"), Kind.REF, path="owner_id", ref_type="user", field="owner", icon="user"),
    Criterion("created", _("Created"), Kind.DATE, path="created_at", icon="calendar"),
)
columns.register("document", *DOCUMENT_COLUMNS)
panels.register(
    Panel(
        "comments",
        panels.EVERY_TYPE,
        _("Comments"),
        "message",
        "core/panels/_comments.html",
        comments_card,
        20,
    )
)
panels.register(
    Panel(
        "documents",
        panels.EVERY_TYPE,
        _("Documents"),
        "files",
        "core/panels/_documents.html",
        documents_card,
        88,
        lazy=True,
        needs="document",
        not_on=("document",),
    )
)
navigation.register(
    NavEntry(
        "tags",
        _("Tags"),
        icon="tag",
        url_name="core:tag_list",
        section="settings",
        order=60,
        allowed=lambda profile: profile.allows("tag", "change"),
    )
)
navigation.register(
    NavEntry(
        "documents",
        _("Documents"),
        icon="files",
        url_name="core:document_list",
        order=90,
        allowed=lambda profile: profile.allows("document", "view"),
    )
)

imports.register(UserTarget())

navigation.register(
    NavEntry(
        "imports",
        _("Imports"),
        icon="upload",
        url_name="core:import_list",
        section="tools",
        order=50,
        allowed=lambda profile: profile.can("run_imports"),
        shortcut="g i",
    )
)

navigation.register(
    NavEntry(
        "today",
        _("Today"),
        icon="home",
        url_name="core:home",
        section="work",
        order=10,
        shortcut="g h",
        on_phone=True,
    )
)
home.register_steps(
    FirstStep(
        "mfa",
        _("Secure your account"),
        _("Turn on two-factor authentication with an app on your phone."),
        "mfa_index",
        lambda user: user.authenticator_set.exists(),
        order=50,
    ),
)
router.register("jobs", JobRecords, "job")
router.register("imports", ImportRecords, "import")
router.register("import-mappings", MappingRecords, "import_mapping")
router.register("exports", ExportRecords, "export")
router.register("comments", CommentRecords, "comment")
router.register("files", FileRecords, "file")
router.register("documents", DocumentRecords, "document")
router.register("tags", TagRecords, "tag")
router.register("favourites", FavouriteRecords, "favourite")
router.register("custom-fields", CustomFieldRecords, "custom_field")
relinkers.register(
    Relinker(Favourite, "object_id", type_field="record_type", fold={"starred": "or", "following": "or"}),
    Relinker(File, "attached_id", type_field="attached_type"),
    Relinker(Comment, "object_id", type_field="record_type"),
    Relinker(DocumentLink, "object_id", type_field="record_type"),
)
relinkers.leave(Notification, "object_id", "a copy of what was said then; its link redirects")
relinkers.leave(ImportRow, "object_id", "what a line became is a fact; readers resolve old ids")
relinkers.leave(OutboxEvent, "actor_id", "a user")
relinkers.leave(HandledEvent, "event_id", "the number of an event")
retention.register_chore("export files older than a week", forget_old_exports)
elsewhere.register("export files", forget_exports)
elsewhere.register("addresses in the words of others", forget_mentions)
elsewhere.register("messages that wait in sessions", forget_messages)
search_also(Notification, "text", "url")
