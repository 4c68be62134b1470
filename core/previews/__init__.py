"""Looking into uploaded files without running anything in them. See README.md."""
