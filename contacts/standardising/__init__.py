"""Writing values the way they should be written: found, looked at, applied, and taken back."""
