"""Building a segment's rule on a page. See README.md."""
