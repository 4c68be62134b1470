"""What service tells of a customer: their problems, how their cases stand, and how they write."""
