"""Latin digits with grouped thousands (1,234.50), as business papers in Arabic have them: Django groups nothing."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
