"""Origins: which documents of the passages around it a document came from, as numbers that it carries along.

An origin holds a document's number in the innermost passage in its lowest bits and its origin outside above them, so
that the way back needs no table, however many documents there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

Origins = tuple[int, ...]

BITS = 40
"""Of one number, which is counted from 1; 0 is nothing further out."""
_NUMBER = (1 << BITS) - 1


def inside(number: int, outside: Origins) -> Origins:
    """The origins of document `number` (from 0) of a passage that it enters with other ones."""
    return tuple(each << BITS | number + 1 for each in outside) or (number + 1,)


def outside(origins: Origins) -> Origins:
    """The origins that a document has when it leaves the innermost passage."""
    if len(origins) == 1:
        return (origins[0] >> BITS,) if origins[0] >> BITS else ()
    return tuple(sorted({each >> BITS for each in origins} - {0}))


def numbers(origins: Origins) -> set[int]:
    """The numbers in the innermost passage."""
    return {(each & _NUMBER) - 1 for each in origins}


class Numbers:
    """A set of numbers from 0 that takes one bit for each, and is iterated in their order."""

    def __init__(self, given: Iterable[int] = ()) -> None:
        self._bits = bytearray()
        self._count = 0
        for number in given:
            self.add(number)

    def add(self, number: int) -> None:
        """Put a number in."""
        if number in self:
            return
        place = number >> 3
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 1 - len(self._bits)))
        self._bits[place] |= 1 << (number & 7)
        self._count += 1

    def __contains__(self, number: int) -> bool:
        place = number >> 3
        return place < len(self._bits) and bool(self._bits[place] >> (number & 7) & 1)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        for place, byte in enumerate(self._bits):
            if byte:
                yield from (place << 3 | bit for bit in range(8) if byte >> bit & 1)
