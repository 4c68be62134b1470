"""Reading pages of the outside world, without being led to the inside."""
