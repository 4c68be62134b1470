"""What marketing does when events of the floors below are published."""
