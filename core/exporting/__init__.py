"""Export: the rows a person may export, as CSV or XLSX, streamed."""
