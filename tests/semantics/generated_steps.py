"""Generated paths of steps."""

from typing import Any

from hypothesis import strategies as st

Steps = list[dict[str, Any]]

some_documents = st.integers(0, 9).map(lambda digit: f"{{{{ document.text | int % 10 < {digit} }}}}")

leaves = st.one_of(
    st.builds(lambda: {"set_properties": {"mark": "{{ prop.mark | default('') }}x"}}),
    st.builds(lambda: {"notify": "{{ document.text }}"}),
    some_documents.map(lambda when: {"decision": {"if": when, "then": [{"exception": "no"}]}}),
    some_documents.map(lambda when: {"decision": {"if": when, "then": [{"stop": "continue"}]}}),
    some_documents.map(lambda when: {"decision": {"if": when, "then": [{"return_documents": "early"}]}}),
)
concurrent = st.builds(
    lambda threads, batch: {"flow_control": {"threads": threads, **({"batch": batch} if batch else {})}},
    st.integers(1, 4),
    st.sampled_from([None, 1, 3]),
)


def blocks(paths: st.SearchStrategy[Steps]) -> st.SearchStrategy[Steps]:
    """Paths of steps that hold paths."""
    decision = st.builds(
        lambda when, then, other: {"decision": {"if": when, "then": then, "else": other}}, some_documents, paths, paths
    )
    route = st.builds(
        lambda digit, one, rest: {
            "route": {
                "by": "{{ document.text | int % 10 }}",
                "routes": [{"equals": digit, "steps": one}, {"less_than": digit, "steps": rest}],
                "default": [],
            }
        },
        st.integers(0, 9),
        paths,
        paths,
    )
    tries = st.builds(
        lambda tried, caught, retry: {"try_catch": {"try": tried, "catch": caught, "retry": retry, "waits": [0]}},
        paths.filter(bool),
        paths,
        st.integers(0, 2),
    )
    return st.lists(st.one_of(leaves, concurrent, decision, route, tries), max_size=4)


paths = st.recursive(st.lists(leaves, max_size=3), blocks, max_leaves=12)
numbers = st.integers(0, 25).map(lambda count: [str(number) for number in range(count)])

values = st.sampled_from(
    [
        "{{ document.text }}",
        "{{ document.index }}",
        "{{ document.size }}",
        "{{ document.id }}",
        "{{ prop.a }}",
        "{{ prop.b | default('none') }}",
        "{{ prop.c | default(prop.a) }}-{{ document.index }}",
        "{{ prop.rec.key }}",
        "{{ prop.rec.key | default(document.text) }}",
        "{{ prop.meta.size | default('?') }}",
        "{{ process.own }}",
        "{{ prop.a | upper }}",
        "{{ document.text | int + 1 }}",
        "7",
        "plain",
    ]
)
comparisons = st.sampled_from(
    [
        {"greater_than": 7},
        {"less_or_equal": "{{ prop.a }}"},
        {"equals": "7"},
        {"not_equals": "plain"},
        {"like": "1*"},
        {"matches": "[0-4]"},
        {"matches": "{{ document.text }}["},
    ]
)
simple = st.one_of(
    st.dictionaries(st.sampled_from(["a", "b", "c", "rec.key", "process.own"]), values, min_size=1, max_size=3).map(
        lambda properties: {"set_properties": properties}
    ),
    values.map(lambda text: {"message": text}),
)


def sorted_ways(paths: st.SearchStrategy[Steps]) -> st.SearchStrategy[Steps]:
    """Paths of simple steps, with decisions and routes between them."""
    decision = st.builds(
        lambda value, operator, then, other: {
            "decision": {"if": {"value": value, **operator}, "then": then, "else": other}
        },
        values,
        comparisons,
        paths,
        paths,
    )
    route = st.builds(
        lambda by, first, second, one, two: {
            "route": {"by": by, "routes": [{**first, "steps": one}, {**second, "steps": two}]}
        },
        values,
        comparisons,
        comparisons,
        paths,
        paths,
    )
    return st.lists(st.one_of(simple, simple, decision, route), max_size=5)


simple_paths = st.recursive(st.lists(simple, max_size=3), sorted_ways, max_leaves=10)
"""Steps that work on whole columns where they can."""
