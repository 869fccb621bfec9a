"""The connectors that come with the project, each a plugin like a stranger's."""
