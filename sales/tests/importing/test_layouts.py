"""Opportunities as other programs export them. The lines are made by hand from public documentation."""

import pytest
from django.core.exceptions import ValidationError

from contacts.models import Company
from core.tests.factories import make_user
from core.tests.importing.bring import bring, take_in
from sales.models import Deal
from sales.services.pipelines import ensure_sales_defaults

FILES = {
    "Salesforce": (
        "Id,AccountId,Name,StageName,Amount,CloseDate,OwnerId,IsWon\n"
        "006A,001A,Big one,Closed Won,1000.5,2024-05-06,,1\n"
    ),
    "HubSpot": (
        "Record ID,Deal Name,Deal Stage,Close Date,Amount,Associated Company IDs,Deal owner,Pipeline\n"
        "7,Big one,Closed Won,2024-05-06 10:00,1000.5,001A,,Sales\n"
    ),
    "Zoho CRM": (
        "Record Id,Deal Owner,Amount,Deal Name,Closing Date,Account Name.id,Account Name,Stage,Type\n"
        "zcrm_1,,1000.5,Big one,2024-05-06,001A,Acme,Closed Won,New\n"
    ),
    "Dynamics 365": (
        "(Do Not Modify) Opportunity,(Do Not Modify) Row Checksum,Topic,Potential Customer,Status,Est. Revenue\n"
        '8ddc,abc==,Big one,Acme,Won,"$1,000.50"\n'
    ),
    "SugarCRM": (
        "ID,Opportunity Name,Account Name,Sales Stage,Amount,Expected Close Date,Assigned to\n"
        "a7f9,Big one,Acme,Closed Won,1000.5,2024-05-06,\n"
    ),
    "Pipedrive": (
        "Deal - Title,Deal - Organization,Deal - Value,Deal - Stage,Deal - Status,Deal - ID\n"
        "Big one,Acme,1000.5,Won,Won,12\n"
    ),
}

SOURCES = {
    "Salesforce": "salesforce", "HubSpot": "hubspot", "Zoho CRM": "zoho", "Dynamics 365": "dynamics",
    "SugarCRM": "sugarcrm", "Pipedrive": "pipedrive",
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("program", FILES)
def test_opportunities_of_each_program_become_deals(program: str) -> None:
    admin = make_user("admin")
    ensure_sales_defaults(actor=None)
    acme = Company.objects.create(name="Acme", sort_name="acme", external_id=f"{SOURCES[program]}:001A")
    batch, job = bring(admin, "", FILES[program])
    assert (batch.target, batch.mapping["layout"]) == ("deals", program)
    assert job.result["created"] == 1, list(batch.rows.values_list("problems", flat=True))
    deal = Deal.objects.get()
    assert (deal.name, deal.company, str(deal.amount), deal.status) == ("Big one", acme, "1000.50", "won")


@pytest.mark.parametrize(
    ("header", "line", "target"),
    [
        (
            "First name,Last name,E-mail,Phone,Company,Birthday",
            "Ann,Lee,a@b.org,,Acme,1980-02-03",
            "contacts",
        ),
        ("Vorname;Nachname;E-Mail;Telefon", "Ann;Lee;a@b.org;", "contacts"),
        ("Company name,Website,Industry,Employees,Country", "Acme,acme.example,retail,12,DE", "companies"),
        ("Deal,Stage,Amount,Currency,Company", "Scales,Won,12,EUR,Acme", "deals"),
        ("Colour,Taste,Weight", "red,sweet,2", ""),
        ("Name,E-mail", "Ann,a@b.org", ""),
    ],
)
@pytest.mark.django_db
def test_a_table_of_no_program_is_known_by_what_its_columns_fill(header: str, line: str, target: str) -> None:
    admin = make_user("admin")
    if target:
        assert take_in(admin, "", f"{header}\n{line}\n").target == target
    else:
        with pytest.raises(ValidationError, match="don't say what is in the file"):
            take_in(admin, "", f"{header}\n{line}\n")
