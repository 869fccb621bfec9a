"""What the commands share: loading projects, reading and writing files, showing what happens."""
