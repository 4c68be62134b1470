"""What marketing hands to core's registries."""
