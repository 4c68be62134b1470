"""Import: any file of rows into any registered target. See README.md."""
