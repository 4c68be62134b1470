"""The clock of service levels: business time, free of requests, settings and the ORM."""
