"""What marketing tells of a customer: whether they read what they are sent, and which topics they follow."""
