"""What sales tells of a customer: how they buy, what, and why."""
