"""Import targets: products, deals and orders."""
