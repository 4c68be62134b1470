"""Looking for what is left of a person, in whatever dress. See README.md."""
