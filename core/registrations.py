"""What core registers for itself."""

from django.utils.translation import gettext_lazy as _

from core.api import router
from core.api.jobs import JobRecords
from core.exporting import running as exporting  # noqa: F401  (its job kind registers itself)
from core.importing import running, undoing  # noqa: F401  (job kinds register themselves)
from core.importing.users import UserTarget
from core.models import (
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
from core.registries import grants, home, imports, navigation, records, relinkers
from core.registries.grants import FULL, READ
from core.registries.home import FirstStep
from core.registries.navigation import NavEntry
from core.registries.records import RecordType
from core.registries.relinkers import Relinker
from core.ui import bulk  # noqa: F401  (its job kind registers itself)
from core.ui.search import search_people, search_tags, search_teams

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

records.register(
    RecordType("user", User, _("Person"), _("People"), icon="user", search=search_people, restorable=False)
)
records.register(
    RecordType("team", Team, _("Team"), _("Teams"), icon="users-group", search=search_teams, restorable=False)
)
records.register(
    RecordType("tag", Tag, _("Tag"), _("Tags"), icon="tag", search=search_tags, restorable=False)
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
relinkers.register(
    Relinker(Favourite, "object_id", type_field="record_type", fold={"starred": "or", "following": "or"}),
    Relinker(File, "attached_id", type_field="attached_type"),
)
relinkers.leave(Notification, "object_id", "a copy of what was said then; its link redirects")
relinkers.leave(ImportRow, "object_id", "what a line became is a fact; readers resolve old ids")
relinkers.leave(OutboxEvent, "actor_id", "a user")
relinkers.leave(HandledEvent, "event_id", "the number of an event")
