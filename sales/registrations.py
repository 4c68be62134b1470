"""What sales hands to core's registries."""
