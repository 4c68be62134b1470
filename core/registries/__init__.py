"""How apps meet without importing each other: each registers in `ready()`, core iterates.

Every registry is a module of plain functions over one ordered table; order is that of registration
unless an entry says otherwise.
"""
