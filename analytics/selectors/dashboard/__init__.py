"""What the dashboard shows, subject by subject, in the viewer's scope; every number with the list behind it."""
