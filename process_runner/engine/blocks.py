"""Blocks: simple steps take documents along together, as many at a time as are in memory, and no group lies between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Any

from connector_sdk import Document
from process_runner.engine.at_once import some, whole
from process_runner.engine.block import Block
from process_runner.engine.flow import Flow
from process_runner.engine.group import MOST_BYTES, DocumentGroup
from process_runner.engine.step import Simple, Step

MOST_STEPS = 20
"""Steps that take a block along together; each holds documents, and calls the one before it."""

Weighed = tuple[Block | list[Document], int]
"""Documents, and how much of them is held in memory."""

Working = Callable[[Flow, Callable[[], Any]], Any]
"""Does a piece of a step's work, which its time, log lines and errors belong to."""


def simple_steps(steps: tuple[Step, ...]) -> list[Simple]:
    """The works of the steps at the beginning of a path that can take documents along together."""
    works: list[Simple] = []
    for step in steps[:MOST_STEPS]:
        if (work := step.shape.simple()) is None:
            break
        works.append(work)
    return works


def through(flows: list[Flow], works: list[Simple], documents: DocumentGroup, working: Working) -> Iterator[Weighed]:
    """What the steps make of the documents, block by block; together they hold no more than a group does."""
    flows[0].count.documents_in += len(documents)
    most = MOST_BYTES // len(works)
    blocks: Iterator[Iterable[Document]] = documents.blocks()
    made = _through_one(flows[0], works[0], blocks, working, most)
    for flow, work in zip(flows[1:], works[1:], strict=True):
        made = _through_one(flow, work, _entering(made, flow), working, most)
    return made


def gathered(blocks: Iterator[Weighed], flow: Flow, working: Working) -> DocumentGroup:
    """All of them in one group, which is the work of the last step."""
    result = flow.group()
    for made, weight in blocks:
        working(flow, partial(result.add, made, weight))
        del made
    return result


class OneReading:
    """What simple steps make, for a step that goes through it once; the time that it takes to come is not its own."""

    def __init__(self, made: Iterator[Weighed], flow: Flow) -> None:
        self._made = made
        self._flow = flow

    def blocks(self) -> Iterator[Iterable[Document]]:
        """The documents, block by block."""
        return _entering(iter(self._next, None), self._flow)

    def _next(self) -> Weighed | None:
        with self._flow.inside():
            return next(self._made, None)


def _entering(blocks: Iterator[Weighed], flow: Flow) -> Iterator[Iterable[Document]]:
    for made, _ in blocks:
        flow.count.documents_in += len(made)
        yield made


def _through_one(
    flow: Flow, work: Simple, blocks: Iterator[Iterable[Document]], working: Working, most: int
) -> Iterator[Weighed]:
    for block in chain.from_iterable(map(partial(_pieces, most=most), blocks)):
        made = working(flow, partial(whole, flow, block, work, most))
        if made is not None:
            yield made
            del made, block
            continue
        documents = iter(block)
        del block
        ended = False
        while not ended:
            found, weight = working(flow, partial(some, flow, documents, work.one, most))
            ended = weight < most
            if found:
                yield found, weight
            del found


def _pieces(block: Iterable[Document], most: int) -> Iterable[Iterable[Document]]:
    """A block in pieces that leave room for what is made of them."""
    if not isinstance(block, Block) or (count := block.weight() * 2 // most + 1) == 1:
        return (block,)
    return block.parts(-(-len(block) // count))
