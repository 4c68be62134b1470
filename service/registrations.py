"""What service hands to core's registries."""
