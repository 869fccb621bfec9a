"""Extensions: settings of one environment over those of the project."""

import pytest

from process_runner.language.loader import Source, load

BASE = """\
connections:
  inbox: {connector: disk, folder: data, create_folder: true}
  store: {connector: s3, access_key: a, secret_key: b, retry: {waits: [0, 10]}}
operations:
  find: {connector: disk, action: query}
processes:
  p:
    steps:
      - set_properties: {process.region: eu}
      - message: "{{ process.day }} {{ process['odd name'] }}"
"""


@pytest.fixture
def extended(loaded):
    """The project with an extensions file."""
    return lambda text, **environment: loaded({"a.yaml": BASE, "a.env.yaml": text}, environment)


def test_named_settings_are_replaced_and_others_stay(extended):
    project = extended("connections:\n  inbox: {folder: other}\noperations:\n  find: {pattern: '*.csv'}\n")
    assert project.connections["inbox"].connection.folder == "other"
    assert project.connections["inbox"].connection.create_folder is True
    assert project.operations["find"].operation.pattern == "*.csv"


def test_a_mapping_is_replaced_as_a_whole(extended):
    project = extended("connections:\n  store: {retry: {waits: [1]}}\n")
    assert project.connections["store"].connection.retry.waits == (1,)


def test_process_properties_are_texts(extended):
    text = "process_properties: {region: us, day: 7, 'odd name': true}\n"
    assert extended(text).process_properties == {"region": "us", "day": "7", "odd name": "true"}


def test_references_are_replaced_once_and_are_secret(extended):
    text = "connections:\n  inbox: {folder: '${F}'}\nprocess_properties: {region: '${R}', day: '$${R}'}\n"
    project = extended(text, F="folder-secret", R="region-secret")
    assert project.connections["inbox"].connection.folder == "folder-secret"
    assert project.process_properties == {"region": "region-secret", "day": "${R}"}
    assert {"folder-secret", "region-secret"} <= project.secrets


def test_the_sandbox_wins_over_extensions_for_the_connections_it_replaces(registry, tmp_path):
    (tmp_path / "a.yaml").write_text("connections:\n  s: {connector: s3, access_key: '${NOT_SET}', region: nonsense}\n")
    replaced = {"connector": "s3", "access_key": "x", "secret_key": "y", "endpoint_url": "http://127.0.0.1:1"}
    project = load(Source((tmp_path,), None, {}, {"s3": replaced}), registry)
    assert project.connections["s"].connection.endpoint_url == "http://127.0.0.1:1"
