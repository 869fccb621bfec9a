"""Work on whole blocks, where it can be done; else the documents have their turns one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from connector_sdk import Document, DocumentError
from process_runner.engine.block import Block
from process_runner.engine.flow import NOBODY, Flow
from process_runner.engine.group import MOST_BYTES, DocumentGroup, weight
from process_runner.engine.step import InBlocks, Simple
from process_runner.expressions import OneByOne, Scope, Sight

Made = TypeVar("Made")


class Choice(NamedTuple):
    """Tells a place for the scope's document, or one for each document of a block or for all of them."""

    one: Callable[[Scope], int]
    many: Callable[[Sight], list[int] | int]


def sort(flow: Flow, documents: InBlocks, choice: Choice, groups: Sequence[DocumentGroup]) -> None:
    """Put each document into the group whose place is chosen; one that raises DocumentError fails."""
    for block in documents.blocks():
        places = _at_once(flow, block, choice.many, MOST_BYTES)
        if places is None:
            _sort_each(flow, block, choice.one, groups)
        elif isinstance(block, Block):
            flow.index += len(block)
            for place, group in enumerate(groups):
                chosen = _chosen(block, places, place)
                group.add(chosen, chosen.weight())


def whole(flow: Flow, block: Iterable[Document], work: Simple, most: int) -> tuple[Block, int] | None:
    """What `work` makes of a block, and how much that weighs; None where its documents have to have their turns."""
    made = _at_once(flow, block, work.many, most)
    if made is None or (found := made.weight()) >= most:
        return None
    flow.index += len(made)
    flow.count.documents_out += len(made)
    flow.count.bytes += sum(made.sizes())
    return made, found


def some(
    flow: Flow, documents: Iterator[Document], work: Callable[[Scope], Document], most: int
) -> tuple[list[Document], int]:
    """Do `work` for documents as long as what it makes weighs less than `most`, and say how much it weighs."""
    check, scope, count, made, found = flow.walker.check, flow.scope, flow.count, [], 0
    try:
        for document in documents:
            check()
            flow.index += 1
            try:
                one = work(scope.at(document, flow.index))
            except DocumentError as error:
                flow.fail(document, error)
                continue
            made.append(one)
            count.bytes += one.payload.size
            found += weight(one)
            if found >= most:
                break
    finally:
        scope.at(NOBODY, 0)
        count.documents_out += len(made)
    return made, found


def _at_once(flow: Flow, block: Iterable[Document], work: Callable[[Sight], Made] | None, most: int) -> Made | None:
    if work is None or not isinstance(block, Block):
        return None
    flow.walker.check()
    try:
        return work(Sight(block, flow.index + 1, flow.execution.facts, most))
    except (OneByOne, DocumentError):  # which document it is, is told when each has its turn
        return None


def _sort_each(
    flow: Flow, documents: Iterable[Document], choose: Callable[[Scope], int], groups: Sequence[DocumentGroup]
) -> None:
    check, scope, ways = flow.walker.check, flow.scope, [group.append for group in groups]
    try:
        for document in documents:
            check()
            flow.index += 1
            try:
                place = choose(scope.at(document, flow.index))
            except DocumentError as error:
                flow.fail(document, error)
            else:
                ways[place](document)
    finally:
        scope.at(NOBODY, 0)


def _chosen(block: Block, places: list[int] | int, place: int) -> Block:
    if isinstance(places, int):
        return block if places == place else block.part(0, 0)
    return block.chosen([each == place for each in places])
