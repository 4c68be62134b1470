"""The import target: tickets, which other programs call cases."""
