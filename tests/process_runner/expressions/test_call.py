import json

import pytest

PROJECT = """
connections:
  files: {connector: disk, folder: FOLDER}
operations:
  read: {connector: disk, action: get}
  find: {connector: disk, action: query}
processes:
  p:
    steps:
      - start: {documents: [DOCUMENT]}
      - message: EXPRESSION
      - return_documents: all
"""


@pytest.fixture
def answer(run, tmp_path):
    """Evaluates an expression for a document, with files beside it."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "acme.json").write_text('{"name": "Acme", "discount": 5}')
    (folder / "note.txt").write_text("[not json")

    def evaluate(expression, document="acme"):
        text = PROJECT.replace("FOLDER", str(folder)).replace("DOCUMENT", json.dumps(document))
        return run(text.replace("EXPRESSION", json.dumps(expression)))

    return evaluate


def test_a_call_gives_a_json_document_to_look_into(answer):
    outcome = answer("{{ call('files', 'read', id=document.text ~ '.json').name }}")
    assert outcome.texts == ["Acme"]


def test_a_call_gives_any_other_document_as_text(answer):
    assert answer("{{ call('files', 'read', id='note.txt') }}").texts == ["[not json"]


def test_a_refusal_fails_the_document_with_the_operations_own_message(answer):
    outcome = answer("{{ call('files', 'read', id='nothing.txt') }}")
    assert [failure.code for failure in outcome.report.failures] == ["FileNotFound"]


def test_a_call_that_returns_no_document_is_missing_and_may_have_a_default(answer, tmp_path):
    for path in (tmp_path / "files").iterdir():
        path.unlink()
    assert answer("{{ call('files', 'find') | default('nothing') }}").texts == ["nothing"]
    assert answer("{{ call('files', 'find') }}").messages == [
        "{{ call('files', 'find') }}: call('files', 'find') returned no document"
    ]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("{{ call('file', 'read', id='a') }}", "call() knows no connection 'file'; did you mean 'files'?"),
        ("{{ call('files', 'reed', id='a') }}", "call() knows no operation 'reed'; did you mean 'read'?"),
        ("{{ call('files', 'read', ids='a') }}", "operation 'read' has no input 'ids'; did you mean 'id'?"),
    ],
)
def test_a_name_that_is_unknown_says_what_is_there(answer, expression, message):
    assert answer(expression).messages == [message]
