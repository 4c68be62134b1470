"""What contacts hands to core's registries."""

from contacts.importing.companies import CompanyTarget
from contacts.importing.contacts import ContactTarget
from core.registries import grants, imports
from core.registries.grants import FULL, READ, A, N, T

grants.register(
    "contact",
    manager=(T, A, T, T, T),
    sales=(A, A, A, T, N),
    marketing=(A, A, A, N, A),
    service=(A, A, A, N, N),
    analyst=(A, N, N, N, A),
    readonly=READ,
)
grants.register(
    "company",
    manager=(T, A, T, T, T),
    sales=(A, A, A, T, N),
    marketing=(A, A, A, N, A),
    service=(A, A, A, N, N),
    analyst=(A, N, N, N, A),
    readonly=READ,
)
grants.register(
    "activity",
    manager=(T, A, T, T, T),
    sales=(T, A, T, T, N),
    marketing=(A, A, T, T, N),
    service=(A, A, T, T, N),
    analyst=(A, N, N, N, A),
    readonly=READ,
)
grants.register(
    "affiliation", manager=FULL, sales=FULL, marketing=FULL, service=FULL, analyst=READ, readonly=READ
)
grants.register(
    "segment", manager=FULL, sales=READ, marketing=FULL, service=READ, analyst=READ, readonly=READ
)
grants.register("suppression", manager=FULL, sales=READ, marketing=FULL, service=READ, readonly=READ)

imports.register(CompanyTarget())
imports.register(ContactTarget())
