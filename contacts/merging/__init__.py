"""Merging records and taking it back: an engine over core's relinkers; see README.md."""
