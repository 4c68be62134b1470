"""Companies that lines about people bring along."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from contacts.importing.companies import find_by_name_or_id
from contacts.models import Company
from core.enums import AccessLevel, Action
from core.importing.problems import Problem
from core.importing.rows import ImportContext, Row
from core.text import sort_key


@dataclass(frozen=True)
class NewCompany:
    """A company that no record resembles: it is created with the first person who names it."""

    name: str
    external_id: str = ""


def create_companies(context: ImportContext, rows: list[Row]) -> None:
    """Put ids in the place of new companies, creating those that are still missing."""
    waiting = [row for row in rows if isinstance(row.values.get("company"), NewCompany)]
    wanted: dict[str, NewCompany] = {}
    for row in waiting:
        wanted.setdefault(_key(row.values["company"]), row.values["company"])
    if not wanted:
        return
    known = _known(context, wanted)
    missing = [key for key in wanted if key not in known]
    if missing and not context.may("company", Action.ADD):
        text = _("your role does not allow creating the company.")
        for row in waiting:
            row.values.pop("company")
            row.problems.append(Problem("scope", text, "company", "company"))
        return
    companies = [
        Company(
            name=wanted[key].name[:200],
            sort_name=sort_key(wanted[key].name, 200),
            external_id=wanted[key].external_id,
            owner_id=context.owner_id,
            team_id=context.owner_team_id,
        )
        for key in missing
    ]
    made = Company.objects.bulk_create(companies)
    known.update(zip(missing, (company.pk for company in made), strict=True))
    for row in waiting:
        row.values["company"] = known[_key(row.values["company"])]


def _key(company: NewCompany) -> str:
    return company.external_id or sort_key(company.name, 200)


def _known(context: ImportContext, wanted: dict[str, NewCompany]) -> dict[str, int]:
    """Those of the companies that an earlier chunk has made by now, as far as the person sees them. A company
    with an id is not another one of the same name that has an id of its own."""
    keys = [
        ("external", item.external_id) if item.external_id else ("name", key) for key, item in wanted.items()
    ]
    found = {key[1]: pk for key, pk in find_by_name_or_id(Company, keys).items()}  # type: ignore[index]
    profile = context.profile
    if profile is not None and profile.level("company", Action.VIEW) != AccessLevel.ALL:
        seen = set(
            Company.objects.visible_to(context.actor)
            .filter(pk__in=found.values())
            .values_list("pk", flat=True)
        )
        found = {key: pk for key, pk in found.items() if pk in seen}
    return found
