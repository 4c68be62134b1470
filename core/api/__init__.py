"""The API kit: authentication, problems, keyset pages, and the viewset base of all records."""
