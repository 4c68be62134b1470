"""What analytics hands to core's registries."""
