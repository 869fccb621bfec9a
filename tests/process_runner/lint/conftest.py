"""Components to warn about, and the warnings about one process that may use them."""

import pytest

from process_runner.lint import warnings

COMPONENTS = """
connections:
  files: {connector: disk, folder: data}
  store: {connector: s3, access_key: "${KEY}", secret_key: "${KEY}"}
operations:
  find: {connector: s3, action: query, object_type: orders}
  find-some: {connector: disk, action: query, pattern: "*.tmp"}
  fetch: {connector: s3, action: get, object_type: orders}
  tagged: {connector: s3, action: get, object_type: orders, include_tagging: true}
  remove: {connector: s3, action: delete, object_type: orders}
  list: {connector: disk, action: list}
  files: {connector: disk, action: query, recursive: true}
  remove-file: {connector: disk, action: delete}
  read: {connector: disk, action: get}
  write: {connector: disk, action: create}
  append: {connector: disk, action: create, if_exists: append}
  store: {connector: s3, action: upsert, object_type: orders}
"""


@pytest.fixture
def components():
    """The sections of a project without its processes."""
    return COMPONENTS


@pytest.fixture
def warned(project):
    """The warnings about one process with these steps, without those about components it does not use."""

    def lint(*steps):
        lines = "".join(f"\n      - {step}" for step in steps)
        text = f"{COMPONENTS}processes:\n  p:\n    steps:{lines}\n"
        found = warnings(project(text, environment={"KEY": "k3y-value"}))
        return [each.message for each in found if not each.message.startswith("no process uses")]

    return lint
