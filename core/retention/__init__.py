"""Retention: finding what is due by a policy, previewing it, and dealing with it every night."""
