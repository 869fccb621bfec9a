"""How many blocks may follow each other, and how deep they may stand in each other."""

import pytest

from process_runner.graph import mermaid
from process_runner.language.place import InvalidProject

MANY = 2_000

BLOCKS = {
    "decision": "- decision: {if: true}\n",
    "decision whose path has steps": "- decision: {if: false, then: [{exception: no}], else: [{message: a}]}\n",
    "route": "- route: {by: x, routes: [{equals: y}]}\n",
    "branch": "- branch: [[{stop: continue}], []]\n",
    "try_catch": "- try_catch: {try: [{message: a}]}\n",
    "try_catch that catches": "- try_catch: {try: [{exception: no}], catch: []}\n",
    "validate": "- validate: {json_schema: {type: string}, reject: []}\n",
    "flow_control": "- flow_control: {batch: 1}\n",
    "flow_control with threads": "- flow_control: {threads: 4}\n",
    "process_call": "- process_call: {process: child}\n",
}


@pytest.mark.parametrize("block", BLOCKS.values(), ids=BLOCKS.keys())
def test_two_thousand_blocks_may_follow_each_other(run, block):
    ran = run(f"{block * MANY}- RECORD end", ["a"], child="- start: passthrough\n- return_documents: back")
    assert (ran.report.status, ran.failures, ran.effects) == ("complete", [], ["end a"])
    assert ran.left_behind == []


@pytest.mark.parametrize("kind", ["decision", "try_catch"])
def test_a_process_of_two_thousand_blocks_can_be_drawn(project, kind):
    made = project(main=BLOCKS[kind] * MANY)
    assert mermaid(made.processes["main"]).count(kind) >= MANY


def test_blocks_may_stand_in_each_other_thirty_deep(run):
    steps = "[{message: x}, {exception: inside}]"
    for _ in range(30):
        steps = f"[{{try_catch: {{try: {steps}, catch: [{{notify: caught}}, {{exception: again}}]}}}}]"
    ran = run(f"- try_catch: {{try: {steps}, catch: []}}\n- return_documents: out", ["a"])
    assert ran.texts("out") == ["a"]
    assert ran.log.count("caught") == 30


def test_blocks_that_stand_in_each_other_deeper_than_anybody_reads_are_told(project):
    steps = "[{message: x}]"
    for _ in range(100):
        steps = f"[{{decision: {{if: true, then: {steps}}}}}]"
    with pytest.raises(InvalidProject, match=r"process.yaml:\d+:\d+: nested deeper than 100 levels"):
        project(main=f"- branch: [{steps}, []]")


def test_processes_that_call_each_other_inside_blocks_too_deeply_are_told_in_words(run):
    steps = "[{process_call: {process: child}}]"
    for _ in range(25):
        steps = f"[{{try_catch: {{try: {steps}, catch: [{{exception: again}}]}}}}]"
    child = f"- start: passthrough\n- try_catch: {{try: {steps}, catch: [{{exception: again}}]}}"
    ran = run("- process_call: {process: child}", ["a"], child=child)
    assert ran.report.exit_code == 1
    assert ran.failures == [("process_call", None, "TooDeep")]
    assert "too deep" in ran.report.failures[0].message
