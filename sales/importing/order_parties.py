"""Who ordered and what: contacts by external id, products by SKU, created where a file brings new ones."""

from collections import defaultdict

from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.models import Contact
from contacts.selectors.merges import by_old_external_id
from core.enums import Action, ImportRowFate
from core.importing.bulk import next_ids
from core.importing.problems import Problem
from core.importing.rows import ImportContext, Row
from core.text import sort_key
from sales.models import Order, Product


def ensure_customers(context: ImportContext, rows: list[Row]) -> dict[str, int]:
    """The contact of each external id in the rows. Rows whose customer is new fail where the person may not
    add contacts."""
    countries: dict[str, str] = {}
    for row in rows:
        if customer := row.values.get("customer"):
            countries.setdefault(customer, row.values.get("country", ""))
    known: dict[str, int] = context.memory.setdefault("customers", {})
    unseen = [text for text in countries if text not in known]
    found = Contact.objects.filter(external_id__in=unseen).exclude(external_id="").order_by("-pk")
    known_here = dict(found.values_list("external_id", "pk"))
    missing = [text for text in unseen if text not in known_here]
    known_here |= by_old_external_id(Contact, missing)
    missing = [text for text in missing if text not in known_here]
    if missing and not context.may("contact", Action.ADD):
        for row in rows:
            if row.values.get("customer") in missing:
                row.fail(Problem("scope", _("your role does not allow creating the customer."), "customer"))
        missing = []
    people = [_customer(context, text, countries[text]) for text in missing]
    for person in Contact.objects.bulk_create(people, batch_size=2000):
        known_here[person.external_id] = person.pk
    if not context.dry_run:
        known.update(known_here)
    return {**known, **known_here}


def _customer(context: ImportContext, external_id: str, country: str) -> Contact:
    name = _("Customer %(id)s") % {"id": external_id}
    return Contact(
        last_name=name[:100],
        name=name[:210],
        sort_name=sort_key(name),
        external_id=external_id,
        country=country,
        owner_id=context.owner_id,
        team_id=context.owner_team_id,
        source=_("Orders"),
    )


def ensure_products(context: ImportContext, rows: list[Row]) -> dict[str, int]:
    """The product of each SKU in the rows, in lower case. Where the person may not add products, lines with
    new ones keep their description alone."""
    names: dict[str, tuple[str, str]] = {}
    for row in rows:
        if sku := row.values.get("sku"):
            first, name = names.get(sku.lower(), (sku, ""))
            names[sku.lower()] = (first, name or row.values.get("description", ""))
    known: dict[str, int] = context.memory.setdefault("products", {})
    unseen = [code for code in names if code not in known]
    rows_found = Product.objects.annotate(code=Lower("sku")).filter(code__in=unseen)
    known_here = dict(rows_found.values_list("code", "pk"))
    missing = [code for code in unseen if code not in known_here]
    if missing and context.may("product", Action.ADD):
        ids = next_ids(Product, len(missing))
        items = [_product(pk, *names[code]) for pk, code in zip(ids, missing, strict=True)]
        Product.objects.bulk_create(items, batch_size=2000)
        known_here.update(zip(missing, ids, strict=True))
    if not context.dry_run:
        known.update(known_here)
    return {**known, **known_here}


def _product(pk: int, sku: str, description: str) -> Product:
    name = description or sku
    return Product(pk=pk, name=name[:200], sort_name=sort_key(name, 200), sku=sku, created_at=timezone.now())


def set_countries(rows: list[Row]) -> None:
    """A person has decided which country a word means: the customers of these orders get it, if they have
    none yet."""
    by_country: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if row.object_id is not None and row.values.get("country"):
            by_country[row.values["country"]].add(row.object_id)
        row.fate = ImportRowFate.UPDATED
    for country, orders in by_country.items():
        people = Order.objects.filter(pk__in=orders, contact__isnull=False).values("contact_id")
        Contact.objects.filter(pk__in=people, country="").update(country=country, updated_at=timezone.now())
