"""Who may do what by default."""

from django.utils.translation import gettext_lazy as _

from core.registries import defaults, grants, hiding
from core.registries.grants import FULL, READ, A, N, T

grants.register_capability(
    "erase_people", _("Erase people, hand out what is kept of them, set retention and legal holds")
)
grants.register_capability("tune_matching", _("Search for duplicates, and set what counts as one"))

for _party in ("contact", "company"):
    grants.register(
        _party,
        manager=(T, A, T, T, T),
        sales=(T, A, T, T, N),
        marketing=(A, A, A, N, A),
        service=(A, A, A, N, N),
        analyst=(A, N, N, N, A),
        readonly=READ,
    )
for _party in ("contact", "company"):
    hiding.register(
        _party,
        points=("email", "phone"),
        email=("points",),
        phone=("points",),
        city=("latitude", "longitude", "addresses"),
        country=("latitude", "longitude", "addresses"),
        addresses=("street", "latitude", "longitude"),
    )
# an activity that names somebody takes their company along
hiding.register_copies("contact", "company", ("activity", "company"))
grants.register(
    "activity",
    manager=(T, A, T, T, T),
    sales=(T, A, T, T, N),
    marketing=(T, A, T, T, N),
    service=(T, A, T, T, N),
    analyst=(A, N, N, N, A),
    readonly=READ,
)
grants.register(
    "segment", manager=FULL, sales=READ, marketing=FULL, service=READ, analyst=READ, readonly=READ
)
grants.register("suppression", manager=FULL, sales=READ, marketing=FULL, service=READ, readonly=READ)
grants.register(
    "affiliation", manager=FULL, sales=FULL, marketing=FULL, service=FULL, analyst=READ, readonly=READ
)
for _type in ("privacy_request", "erasure", "opt_in"):
    grants.register(_type)  # administrators; others by a role that says so
grants.register("wording", manager=READ, marketing=(A, A, N, N, A), service=READ, analyst=READ)
grants.register("lifecycle_rule", manager=FULL, sales=READ, marketing=FULL, service=READ, analyst=READ)
grants.register(
    "relationship_kind", manager=FULL, sales=READ, marketing=READ, service=READ, analyst=READ, readonly=READ
)


def _create_defaults() -> None:
    from contacts.services.relationships import ensure_standard_kinds

    ensure_standard_kinds(actor=None)


defaults.register("contacts.relationship_kinds", _create_defaults)
# which merges somebody sees follows the records; undoing one needs change and removal of all of them
grants.register(
    "merge", _("Merges"), manager=READ, sales=READ, marketing=READ, service=READ, analyst=READ, readonly=READ
)
grants.register(
    "persona", manager=FULL, sales=READ, marketing=FULL, service=READ, analyst=READ, readonly=READ
)
