"""What contacts offers under `/api/v1/`."""

from core.api.router import register


def _offer() -> None:
    from contacts.api.activities import ActivityRecords
    from contacts.api.duplicates import CompanyDuplicateRecords, ContactDuplicateRecords
    from contacts.api.lifecycle import LifecycleRuleRecords
    from contacts.api.merging import MergeRecords
    from contacts.api.parties import CompanyRecords, ContactRecords
    from contacts.api.personas import PersonaRecords
    from contacts.api.privacy import (
        ConsentRecords,
        HoldRecords,
        RequestRecords,
        SuppressionRecords,
        WordingRecords,
    )
    from contacts.api.quality import QualityRecords
    from contacts.api.segments import SegmentRecords
    from contacts.api.standardising import StandardisingRecords
    from contacts.api.suggestions import SuggestionRecords

    register("consents", ConsentRecords, "consent")
    register("legal-holds", HoldRecords, "legal_hold")
    register("wordings", WordingRecords, "wording")
    register("suppressions", SuppressionRecords, "suppression")
    register("privacy-requests", RequestRecords, "privacy_request")
    register("contacts", ContactRecords, "contact")
    register("companies", CompanyRecords, "company")
    register("contact-duplicates", ContactDuplicateRecords, "contact_duplicate")
    register("company-duplicates", CompanyDuplicateRecords, "company_duplicate")
    register("activities", ActivityRecords, "activity")
    register("merges", MergeRecords, "merge")
    register("personas", PersonaRecords, "persona")
    register("segments", SegmentRecords, "segment")
    register("lifecycle-rules", LifecycleRuleRecords, "lifecycle_rule")
    register("data-quality", QualityRecords, "quality")
    register("standardising-runs", StandardisingRecords, "standardising_run")
    register("suggestions", SuggestionRecords, "suggestion")


_offer()
