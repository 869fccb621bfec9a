"""Room: the memory of one reader's blocks, used again for those that come after them."""

from __future__ import annotations

import mmap
from dataclasses import dataclass

from connectors.s3.uploads import budget


@dataclass(frozen=True, slots=True)
class Block:
    """Memory for some bytes of an object. `counted` is how many of them the budget knows of."""

    place: memoryview
    counted: int
    memory: mmap.mmap

    def __len__(self) -> int:
        return len(self.place)


class Room:
    """Memory for blocks of up to `largest` bytes, which the budget counts as long as somebody has them.

    Taken anew for each block it would be cleared for each, and what divides memory among threads would keep it.
    """

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._spare: list[mmap.mmap] = []

    def take(self, size: int) -> Block | None:
        """A block of so many bytes; None where the budget has not as many left."""
        if budget.of_process().take(size):
            return self._block(size, size)
        self.close()
        return None

    def take_uncounted(self, size: int) -> Block:
        """The same, whatever is left."""
        return self._block(size, 0)

    def give(self, block: Block) -> None:
        """Take a block back, whose bytes nobody reads any more."""
        self._spare.append(block.memory)
        budget.of_process().give(block.counted)

    def close(self) -> None:
        """Let go of what is kept for later blocks."""
        self._spare.clear()

    def _block(self, size: int, counted: int) -> Block:
        memory = self._spare.pop() if self._spare else mmap.mmap(-1, self._largest)
        return Block(memoryview(memory)[:size], counted, memory)
