"""The shapes of the language, one module each; a new module here is a new shape."""
