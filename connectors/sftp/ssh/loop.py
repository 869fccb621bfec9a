"""An event loop in a thread of its own, so that threads can use a library that is asynchronous."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import TypeVar

Value = TypeVar("Value")


class Loop:
    """Runs coroutines for any thread until it is closed."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sftp", daemon=True)
        self._thread.start()

    def start(self, work: Awaitable[Value]) -> Future[Value]:
        """Begin the work; its value, or why there is none, comes with the future."""
        return asyncio.run_coroutine_threadsafe(_coroutine(work), self._loop)

    def run(self, work: Awaitable[Value], seconds: float) -> Value:
        """The value of the work; TimeoutError after so many seconds, and then the work is cancelled."""
        return awaited(self.start(work), seconds)

    def soon(self, action: Callable[[], object]) -> None:
        """Have the loop's own thread do something, without waiting for it."""
        self._loop.call_soon_threadsafe(action)

    def close(self) -> None:
        """Cancel what still runs, and end the thread."""
        self.start(_cancelled()).result()
        self.soon(self._loop.stop)
        self._thread.join()
        self._loop.close()


def awaited(future: Future[Value], seconds: float) -> Value:
    """What the future brings; it is cancelled where nobody waits for it any more."""
    try:
        return future.result(seconds)
    except BaseException:
        future.cancel()
        raise


async def _coroutine(work: Awaitable[Value]) -> Value:
    return await work


async def _cancelled() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()
