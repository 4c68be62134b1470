"""The customer profile: nineteen questions about a person or a company, answered from data."""
