"""Pages: what comes after a page, and the records in it."""
