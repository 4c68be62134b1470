"""What contacts hands to core's registries, one subject a module."""

from contacts import jobs  # noqa: F401  (job kinds register themselves)
from contacts.merging import jobs as merge_jobs  # noqa: F401
from contacts.registrations import (  # noqa: F401  (registering is the import's purpose)
    columns,
    criteria,
    custom_fields,
    customer_profile,
    duplicates,
    enrichment,
    export_columns,
    home,
    import_targets,
    job_words,
    pages,
    person_columns,
    personal_rows,
    privacy_pages,
    processing,
    quality,
    record_criteria,
    record_panels,
    relinkers,
    resources,
    retention,
    roles,
    segment_pages,
    segment_sources,
    timeline_kinds,
)
