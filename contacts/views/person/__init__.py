"""Pages for the person behind a record: no account, a signed link."""
