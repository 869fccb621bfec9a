"""How large objects are read: by ranges of one and the same content, several at once, none lost to a broken line."""
