"""Signing in: the seams to django-allauth."""
