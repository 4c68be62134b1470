"""Import targets: companies and contacts."""
