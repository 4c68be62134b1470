"""What analytics adds to a customer's profile."""
