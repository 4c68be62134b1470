"""A few past imports, done as people do them: one in order, one with lines to mend, one undone, and a mapping
that everybody may use."""

import io
from datetime import timedelta

from core.importing.rows import Mode
from core.jobs.running import run
from core.models import ImportBatch, Job, User
from core.services.import_mappings import save_mapping
from core.services.imports import create_import, map_import, start_import, start_undo
from demo.world import World

FAIR = (
    "First name;Last name;E-mail;Phone;Company;Job title;Tags\n"
    "Imke;Brandhorst;imke.brandhorst@halle-werk.example;+49 40 5550134;Hallewerk GmbH;Head of purchasing;Fair\n"
    "Joost;van Rijswijk;joost@vanrijswijk.example;+31 20 555 0177;Van Rijswijk BV;Owner;Fair\n"
    "Marta;Lindqvist;marta.lindqvist at norrbo.example;+46 8 5550 162;Norrbo AB;Buyer;Fair\n"
    "Ciarán;Ó Dálaigh;ciaran@greenport.example;+353 1 555 0121;Greenport Foods;Operations;Fair, Newsletter\n"
    "Paola;Ferrante;paola@;+39 02 5550 1188;Ferrante Design;Partner;Fair\n"
).encode()
SUPPLIERS = (
    b"Supplier no.,Name,Website,Industry,Employees,Annual revenue,Country\n"
    b"70011,Brightwater Packaging,https://brightwater-packaging.example,manufacturing,140,18 400 000,GB\n"
    b"70012,Officina Carraro,officinacarraro.example,engineering,35,4 200 000,IT\n"
    b"70013,Kestrel Freight,kestrel-freight.example,logistics,410,61 500 000,IE\n"
)
BOUGHT = b"Name,City,Phone\n"
    "Unknown Person 1,Springfield,+1 217-555-0101\n"
    "Unknown Person 2,Springfield,+1 217-555-0102\n"


def seed_imports(world: World) -> int:
    """Each is older than the one before it, and all are an administrator's."""
    admin = User.objects.filter(is_superuser=True).order_by("pk").first()
    if admin is None:
        return 0
    suppliers = _bring(admin, "companies", "suppliers-2026.csv", SUPPLIERS)
    mapping = {**suppliers.mapping, "namespace": "erp", "mode": Mode.UPSERT.value}
    save_mapping(actor=admin, target="companies", name="Suppliers from the ERP", mapping=mapping, shared=True)
    _bring(admin, "contacts", "trade-fair-leads.csv", FAIR)
    bought = _bring(admin, "contacts", "bought-list.csv", BOUGHT)
    run(start_undo(actor=admin, batch=bought, wake=False).pk)
    batches = list(ImportBatch.objects.filter(owner=admin).order_by("pk"))
    for days, batch in zip((34, 12, 6), batches, strict=True):
        at = world.now - timedelta(days=days, hours=3)
        ImportBatch.objects.filter(pk=batch.pk).update(created_at=at, finished_at=at + timedelta(minutes=1))
        Job.objects.filter(params__batch=batch.pk).update(
            created_at=at, finished_at=at + timedelta(minutes=1)
        )
    ImportBatch.objects.filter(pk=bought.pk).update(undone_at=world.now - timedelta(days=6, hours=2))
    return len(batches)


def _bring(admin: User, target: str, name: str, content: bytes) -> ImportBatch:
    batch = create_import(
        actor=admin, target=target, stream=io.BytesIO(content), name=name, size=len(content)
    )
    map_import(actor=admin, batch=batch, mapping={})
    run(start_import(actor=admin, batch=batch, wake=False).pk)
    batch.refresh_from_db()
    return batch
