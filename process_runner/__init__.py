"""The process runner: runs integration processes that are written as YAML."""
