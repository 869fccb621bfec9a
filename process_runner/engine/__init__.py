"""The engine: runs a process as a tree of steps, depth first, over groups of documents."""
