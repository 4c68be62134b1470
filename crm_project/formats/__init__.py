"""How numbers are written where Django's own formats leave them hard to read."""
