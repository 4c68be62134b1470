"""Past imports, done as people do them: suppliers in order, a trade fair's list with lines to mend and words to
decide, cards of a phone, and a bought list that was undone; a mapping that everybody may use."""

import io
from collections.abc import Iterator
from datetime import datetime, timedelta

from contacts.enums import PointKind
from contacts.models import Affiliation, Company, Contact, ContactPoint, TimelineEntry
from core.enums import ImportRowFate
from core.importing.rows import Mode, Rule
from core.jobs.running import run
from core.models import ImportBatch, ImportRow, Job, User
from core.services.import_mappings import save_mapping
from core.services.imports import create_import, map_import, start_import, start_undo
from demo.world import World

ADDED = 5
"""People who are there afterwards and were not before."""
SUPPLIERS = """Supplier no.,Name,Website,Type,Industry,Employees,Country
70011,Brightwater Packaging,https://brightwater-packaging.example,Supplier,manufacturing,140,GB
70012,Officina Carraro,officinacarraro.example,Supplier,manufacturing,35,IT
70013,Kestrel Freight,kestrel-freight.example,Supplier,logistics,410,IE
"""
FAIR = """First name;Last name;E-mail;Phone;Company;Job title;Country;Tags
Imke;Brandhorst;imke.brandhorst@halle-werk.example;+49 40 5550134;Hallewerk GmbH;Head of purchasing;Germany;Trade fair
Joost;van Rijswijk;joost@vanrijswijk.example;+31 20 555 0177;Van Rijswijk BV;Owner;Netherlands;Trade fair
Marta;Lindqvist;marta.lindqvist at norrbo.example;+46 8 5550 162;Norrbo AB;Buyer;Sweden;Trade fair
Ciarán;Ó Dálaigh;ciaran@greenport.example;+353 1 555 0121;Greenport Foods;Operations;Irelnd;Trade fair
Paola;Ferrante;paola@;+39 02 5550 1188;Ferrante Design;Partner;Italy;Trade fair
"""
CARDS = """BEGIN:VCARD
VERSION:3.0
N:Okafor;Adaeze;;;
FN:Adaeze Okafor
TEL;TYPE=CELL:+44 7700 900461
EMAIL:adaeze.okafor@lagoonpress.example
TITLE:Publisher
END:VCARD
BEGIN:VCARD
VERSION:3.0
N:Haugland;Sigrid;;;
FN:Sigrid Haugland
TEL;TYPE=CELL:+47 406 12 345
END:VCARD
"""
BOUGHT = """Name,City,Phone
Unknown Person 1,Springfield,+1 217-555-0101
Unknown Person 2,Springfield,+1 217-555-0102
Unknown Person 3,Springfield,+1 217-555-0103
"""


def seed_imports(world: World) -> int:
    """All are an administrator's, each at its own time. Returns how many."""
    admin = User.objects.get(email="admin@demo.example")
    suppliers = _bring(world, admin, 34, "companies", "suppliers-2026.csv", SUPPLIERS)
    kept = {**suppliers.mapping, "namespace": "erp", "mode": Mode.UPSERT.value}
    save_mapping(actor=admin, target="companies", name="Suppliers from the ERP", mapping=kept, shared=True)
    fair = FAIR + "".join(_met_again(admin))
    _bring(world, admin, 12, "contacts", "trade-fair-leads.csv", fair, rule=Rule.FILL)
    bought = _bring(world, admin, 9, "contacts", "bought-list.csv", BOUGHT, dated=False)
    _undo(world, admin, bought, 8)
    _bring(world, admin, 3, "contacts", "phone-cards.vcf", CARDS)
    return ImportBatch.objects.filter(owner=admin).count()


def _met_again(admin: User) -> Iterator[str]:
    """Lines for two people who are here already, known by their address; the company of one is misspelt."""
    points = ContactPoint.objects.filter(
        kind=PointKind.EMAIL, is_primary=True, contact__company__isnull=False, contact__deleted_at=None
    )
    for place, point in enumerate(points.select_related("contact__company").order_by("contact_id")[5:7]):
        person = point.contact
        assert person is not None  # only people's were asked for
        assert person.company is not None
        company = person.company.name
        spelt = company if place else company[:3] + company[4:]
        number = f"+49 40 555 02{place}8"
        yield f"{person.first_name};{person.last_name};{point.value};{number};{spelt};;;Trade fair\n"


def _bring(
    world: World,
    admin: User,
    days: int,
    target: str,
    name: str,
    text: str,
    *,
    rule: Rule = Rule.OVERWRITE,
    dated: bool = True,
) -> ImportBatch:
    """Import the text to its end, as if that had been `days` ago. What will be undone is not `dated`: undoing
    leaves alone what was changed after the import."""
    content = text.encode()
    batch = create_import(
        actor=admin, target=target, stream=io.BytesIO(content), name=name, size=len(content)
    )
    map_import(actor=admin, batch=batch, mapping={"rule": rule.value})
    job = start_import(actor=admin, batch=batch, wake=False)
    run(job.pk)
    at = world.now - timedelta(days=days, hours=3)
    if dated:
        _date_rows(batch, at)
    ended = at + timedelta(seconds=40)
    ImportBatch.objects.filter(pk=batch.pk).update(created_at=at, finished_at=ended)
    Job.objects.filter(pk=job.pk).update(created_at=at, started_at=at, finished_at=ended)
    batch.refresh_from_db()
    return batch


def _date_rows(batch: ImportBatch, at: datetime) -> None:
    """What the import made is as old as the import."""
    rows = ImportRow.objects.filter(batch=batch, fate=ImportRowFate.CREATED)
    made = list(rows.values_list("object_id", flat=True))
    if batch.target == "companies":
        Company.objects.filter(pk__in=made).update(created_at=at, updated_at=at)
        return
    Contact.objects.filter(pk__in=made).update(created_at=at, updated_at=at)
    ContactPoint.objects.filter(contact__in=made).update(created_at=at)
    joined = Affiliation.objects.filter(contact__in=made)
    firms = list(joined.values_list("company", flat=True))
    joined.update(created_at=at)
    Company.objects.filter(pk__in=firms, created_at__gt=at).update(created_at=at, updated_at=at)
    TimelineEntry.objects.filter(contact__in=made).update(occurred_at=at)


def _undo(world: World, admin: User, batch: ImportBatch, days: int) -> None:
    job = start_undo(actor=admin, batch=batch, wake=False)
    run(job.pk)
    at = world.now - timedelta(days=days, hours=2)
    ImportBatch.objects.filter(pk=batch.pk).update(undone_at=at)
    Job.objects.filter(pk=job.pk).update(created_at=at, started_at=at, finished_at=at + timedelta(seconds=5))
