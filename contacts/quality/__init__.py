"""Data quality: what is measured of people and companies, day by day."""
