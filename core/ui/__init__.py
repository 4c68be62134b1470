"""The UI kit: what apps build their screens from. See README.md beside this file."""
