"""What contacts hands to core's registries."""
