"""How a call reaches S3: the client of a region, the retry ladder, and what refusals mean."""
