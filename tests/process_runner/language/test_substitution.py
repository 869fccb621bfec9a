"""Load-time substitution: what is replaced, with what, and what counts as a secret."""

import pytest

from process_runner.language.place import InvalidProject

MESSAGE = "processes:\n  p:\n    steps:\n      - message: {}\n"


@pytest.fixture
def message(loaded):
    """The text of a message after substitution."""

    def substituted(written, **environment):
        project = loaded(MESSAGE.format(written), environment)
        return project.processes["p"].steps[0].shape.text.source

    return substituted


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("${A}", "one"),
        ("<${A}${B}>", "<onetwo words>"),
        ("${NONE:-default}", "default"),
        ("${A:-default}", "one"),
        ("${EMPTY:-default}", "default"),
        ("${EMPTY}", ""),
        ("${NONE:-}", ""),
        ("${NONE:-a:-b}", "a:-b"),
        ("${NONE:-http://host/?a=b}", "http://host/?a=b"),
        ("$${A}", "${A}"),
        ("$$${A}", "$${A}"),
        ("$A", "$A"),
        ("$", "$"),
        ("{A}", "{A}"),
        ("${REFERENCE}", "${A}"),
        ("${EXPRESSION}", "{{ 1 }}"),
    ],
)
def test_references_are_replaced(message, written, expected):
    environment = {"A": "one", "B": "two words", "EMPTY": "", "REFERENCE": "${A}", "EXPRESSION": "{{ 1 }}"}
    assert message(f'"{written}"', **environment) == expected


def test_a_file_is_read_from_beside_the_file_that_names_it(loaded, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "key.pem").write_text("line 1\nline 2\n")
    project = loaded({"deep/p.yaml": MESSAGE.format('"${file:key.pem}"')})
    assert project.processes["p"].steps[0].shape.text.source == "line 1\nline 2"
    assert "line 1\nline 2" in project.secrets


def test_a_file_that_is_no_text_is_a_problem(problems, tmp_path):
    (tmp_path / "key.der").write_bytes(b"\xff\x00")
    assert problems(MESSAGE.format('"${file:key.der}"')) == ["4:18: key.der is not UTF-8 text"]


def test_keys_and_comments_are_left_alone(loaded):
    text = "processes:\n  p:  # ${NONE}\n    steps:\n      - set_properties:\n          ${NONE}: a\n"
    (step,) = loaded(text).processes["p"].steps
    assert list(step.shape.properties) == ["${NONE}"]


def test_what_came_from_outside_is_secret_and_a_default_is_not(loaded):
    project = loaded(MESSAGE.format('"${A} ${NONE:-harmless}"'), {"A": "one-secret", "UNUSED": "other"})
    assert project.secrets == {"one-secret"}


def test_secret_settings_are_secret_wherever_they_are_written(loaded):
    project = loaded(
        {
            "a.yaml": "connections:\n  a: {connector: s3, access_key: key-one, secret_key: secret-one}\n",
            "a.env.yaml": "connections:\n  a: {secret_key: secret-two}\n",
        }
    )
    assert project.secrets == {"key-one", "secret-two"}


@pytest.mark.parametrize(("value", "expected"), [("12", 12), ("012", None), ("twelve", None), ("12.5", None)])
def test_a_reference_may_stand_for_a_number(loaded, value, expected):
    text = "connections:\n  a: {connector: s3, access_key: a, secret_key: b, max_connections: '${N}'}\n"
    if expected is None:
        with pytest.raises(InvalidProject) as caught:
            loaded(text, {"N": value})
        assert value not in str(caught.value).replace("project.yaml:2:69", "")
    else:
        assert loaded(text, {"N": value}).connections["a"].connection.max_connections == expected


@pytest.mark.parametrize(("value", "expected"), [("true", True), ("false", False)])
def test_a_reference_may_stand_for_a_boolean(loaded, value, expected):
    text = "connections:\n  a: {connector: disk, folder: data, create_folder: '${B}'}\n"
    assert loaded(text, {"B": value}).connections["a"].connection.create_folder is expected


def test_a_reference_stays_a_text_where_a_text_is_wanted(loaded):
    project = loaded("connections:\n  a: {connector: disk, folder: '${F}'}\n", {"F": "007"})
    assert project.connections["a"].connection.folder == "007"


def test_a_variable_that_is_no_text_is_a_problem(problems):
    assert problems(MESSAGE.format("a ${A}"), {"A": "half\udcff"}) == ["4:18: environment variable A is not UTF-8 text"]
