"""Where people and companies are, worked out offline. See README.md."""
