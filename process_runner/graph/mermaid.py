"""A process as a Mermaid flowchart: a node for each step, its paths as labelled edges."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from process_runner.engine.call import Call
from process_runner.engine.step import Step
from process_runner.language.project import Process
from process_runner.paths import BLOCKS, ENDS, paths_of
from process_runner.redaction import one_line

LONGEST = 60
"""Characters of a line in a node."""

# Long names stay on one line, and the same process gives the same drawing.
_HEAD = """---
config:
  handDrawnSeed: 1
  flowchart:
    wrappingWidth: 2000
---
flowchart TD"""

_ENCODED = {"&": "#amp;", "<": "#lt;", ">": "#gt;", '"': "#quot;", "`": "'", "\\": "\\\u200b"}
_FORMS = {"start": ("([", "])"), "decision": ("{", "}"), "route": ("{", "}"), "connector": ("[[", "]]")}
_END = "finish"

Leaving = tuple[str, str]
"""A node that documents leave, and what the way is called."""


@dataclass(frozen=True, slots=True)
class _Edge:
    source: str
    target: str
    label: str

    def __str__(self) -> str:
        label = f'|"{_text(self.label)}"|' if self.label else ""
        return f"  {self.source} -->{label} {self.target}"


def mermaid(process: Process, redact: Callable[[str], str] = str) -> str:
    """The text of the flowchart, from top to bottom, the same for the same process; `redact` sees each whole text."""
    drawing = _Drawing(redact)
    ends = drawing.path(process.steps, [])
    edges = [*drawing.edges, *(_Edge(node, _END, redact(label)) for node, label in ends)]
    finish = [f'  {_END}(("end"))'] if ends else []
    return "\n".join([_HEAD, *drawing.nodes, *finish, *map(str, edges)]) + "\n"


class _Drawing:
    """The nodes and edges drawn so far."""

    def __init__(self, redact: Callable[[str], str]) -> None:
        self._redact = redact
        self.nodes: list[str] = []
        self.edges: list[_Edge] = []

    def path(self, steps: tuple[Step, ...], entering: list[Leaving]) -> list[Leaving]:
        """Draw a path behind the nodes from which documents enter; gives those from which they leave it."""
        for step in steps:
            node = self._node(step)
            self.edges += [_Edge(source, node, self._redact(label)) for source, label in entering]
            entering = self._leaving(step, node)
        return entering

    def _node(self, step: Step) -> str:
        name = f"s{len(self.nodes) + 1}"
        before, after = ("([", "])") if step.kind in ENDS else _FORMS.get(step.kind, ("[", "]"))
        self.nodes.append(
            f'  {name}{before}"{"<br/>".join(_text(self._redact(each)) for each in _lines(step))}"{after}'
        )
        return name

    def _leaving(self, step: Step, node: str) -> list[Leaving]:
        if step.kind in ENDS:
            return []
        paths = list(paths_of(step.shape))
        leaving = [] if step.kind in BLOCKS else [(node, "valid" if step.kind == "validate" else "")]
        for path in paths:
            leaving += self.path(path.steps, [(node, path.name)])
        return leaving


def _lines(step: Step) -> Iterator[str]:
    """The step's name, then what it is where the name does not say that."""
    yield step.label
    call = next((each for each in vars(step.shape).values() if isinstance(each, Call)), None)
    facts = [f"{call.connection}: {call.operation}"] if call else []
    facts += [str(getattr(step.shape, name)) for name in ("process", "label") if hasattr(step.shape, name)]
    if facts or not re.fullmatch(rf"{step.kind}( \d+)?", step.label):
        yield " ".join([step.kind, *facts])


def _text(text: str) -> str:
    """A text as Mermaid reads it within quotes, with nothing in it that Mermaid or HTML would take for its own."""
    shown = one_line(text)
    shown = shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 3]}..."
    plain = re.sub(r"#(\w+);", "#\u200b\\1;", shown)
    return "".join(_ENCODED.get(each, each) for each in plain)
