"""The process language: YAML files to validated, frozen components, every problem with its place."""
