"""Mistakes in the settings of shapes are told before anything runs, at their place."""

import pytest

from process_runner.language.place import InvalidProject


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("route: {by: x, routes: [{steps: []}]}", ": expected one operator, got none; known: equals"),
        ("route: {by: x, routes: [{equals: a, like: b}]}", ": expected one operator, got 2"),
        ("route: {by: x, routes: [{matches: '('}]}", "'(' is no regular expression"),
        ("route: {by: x, routes: []}", "the list is empty"),
        ("route: {routes: [{equals: a}]}", "missing 'by'"),
        ("try_catch: {try: []}", "the try path has no steps"),
        ("try_catch: {catch: []}", "missing 'try'"),
        ("try_catch: {try: [{notify: x}], retry: 6}", "6 is more than the maximum of 5"),
        ("try_catch: {try: [{notify: x}], waits: []}", "the list is empty"),
        ("try_catch: {try: [{notify: x}], waits: [-1]}", "-1 is less than the minimum of 0"),
        ("try_catch: {try: [{notify: x}], trigger: everything}", "'everything' is not possible here"),
        ("flow_control: {threads: 0}", "0 is less than the minimum of 1"),
        ("flow_control: {batch: 0}", "0 is less than the minimum of 1"),
        ("flow_control: {thread: 2}", "unknown setting 'thread'; did you mean 'threads'?"),
        ("add_to_cache: {cache: x}", "missing 'key'"),
        ("retrieve_from_cache: {key: x}", "missing 'cache'"),
        ("remove_from_cache: {cache: '', key: x}", "the text is empty"),
        ("process_call: {wait: true}", "missing 'process'"),
        ("process_call: main2", "expected a mapping, got a text"),
        ("notify: \"{{ lookup('a', 'b' }}\"", "this expression does not parse"),
    ],
)
def test_a_mistake_is_told_once_at_its_place(project, tmp_path, step, problem):
    with pytest.raises(InvalidProject) as told:
        project(main=f"- {step}")
    (only,) = told.value.problems
    assert problem in str(only)
    assert only.place.line == len((tmp_path / "process.yaml").read_text().splitlines())
