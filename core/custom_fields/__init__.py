"""Custom fields: what administrators add to record types, without a restart. See README.md."""
