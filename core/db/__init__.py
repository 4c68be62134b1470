"""A PostgreSQL backend whose every transaction begins with who acts and why (`core.history.context`)."""
