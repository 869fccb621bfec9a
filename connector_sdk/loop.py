"""Loop: serves many documents in one thread, each in a task that lets go of the thread where it waits.

Operations know nothing of it; they wait through `connector_sdk.waiting`.
"""

from __future__ import annotations

import heapq
import itertools
import os
import select
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from greenlet import getcurrent

from connector_sdk.task import Sleeper, Stack, Task

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

Answer = TypeVar("Answer")

LOOK = 1.0
"""Seconds between two looks for sockets that have been waited for too long, while others are ready."""
MANY = 1000
"""More threads than there are tasks."""


class Loop:
    """Runs its tasks in the thread that calls it. `threads` are for work that would keep the others waiting."""

    def __init__(self, most_threads: int) -> None:
        self.busy = 0
        """Tasks that have begun and not ended."""
        self.idle: list[Stack] = []
        """Those whose task has ended."""
        self._most_threads = most_threads
        self._pools: dict[int, ThreadPoolExecutor] = {}
        self._home = getcurrent()
        self._poll = select.poll()
        self._waiting: dict[int, tuple[Task[Any], float]] = {}
        self._next_look = 0.0
        self._pauses: list[tuple[float, int, Sleeper]] = []
        self._numbers = itertools.count()
        self._woken: deque[Sleeper] = deque()
        self._bell: tuple[int, int] | None = None
        self._ringing = threading.Lock()

    def threads(self, *, at_once: bool) -> ThreadPoolExecutor:
        """Threads for what cannot wait in a loop; `at_once` where it may not wait for one either."""
        from concurrent.futures import ThreadPoolExecutor

        most = MANY if at_once else self._most_threads
        if most not in self._pools:
            self._pools[most] = ThreadPoolExecutor(most, thread_name_prefix="step")
        return self._pools[most]

    def start(self, work: Callable[[], Answer]) -> Task[Answer]:
        """Begin a task; it runs until it waits or ends."""
        stack = self.idle.pop() if self.idle else Stack()
        task = Task(self, work, stack)
        if not self.busy:
            self._home = getcurrent()
            vars(self._home).setdefault("loops", []).append(self)
        self.busy += 1
        stack.begin(task)
        return task

    def turn(self, seconds: float) -> bool:
        """Let all go on whose wait is over, the first of them within so many seconds; whether there was any."""
        woken = len(self._woken)
        if woken or self._pauses:
            seconds = 0 if woken else min(seconds, max(self._pauses[0][0] - time.monotonic(), 0))
        ready = self._poll.poll(seconds * 1000)
        for number, _ in ready:
            if number in self._waiting:
                self._go_on(number, is_ready=True)
            else:
                os.read(number, 4096)  # the bell; who rang is in `_woken`
                woken = len(self._woken)
        for _ in range(woken):
            self._woken.popleft().wake()
        return self._late(any_ready=bool(ready)) or bool(ready or woken)

    def finish(self) -> None:
        """Run every task to its end and give everything back."""
        while self.busy:
            self.turn(LOOK)
        while self.idle:
            self.idle.pop().end()
        for pool in self._pools.values():
            pool.shutdown()
        with self._ringing:
            bell, self._bell = self._bell, None
        for number in bell or ():
            os.close(number)

    def ready(self, task: Task[Any], number: int, events: int, seconds: float) -> bool:
        """Wait, in the task, for events of the file with this number; whether they came in time."""
        self._poll.register(number, events)
        self._waiting[number] = task, time.monotonic() + seconds
        return bool(task.wait())

    def pause(self, task: Task[Any], seconds: float) -> None:
        """Sleep, in the task."""
        self._wake_later(Sleeper(task), seconds)
        task.wait()

    def settled(self, task: Task[Any], future: Future[Any], seconds: float) -> bool:
        """Wait, in the task, for a future that may be settled in another thread; whether it is."""
        with self._ringing:
            if self._bell is None:
                self._bell = os.pipe()
                self._poll.register(self._bell[0], select.POLLIN)
        sleeper = Sleeper(task)
        self._wake_later(sleeper, seconds)
        future.add_done_callback(lambda _: self._ring(sleeper))
        task.wait()
        return future.done()

    def ended(self, followers: list[Sleeper]) -> None:
        """Take note of a task's end, and wake who waits for it."""
        self.busy -= 1
        if not self.busy:
            vars(self._home)["loops"].remove(self)
        self._woken.extend(followers)

    def _ring(self, sleeper: Sleeper) -> None:
        """Wake a task, from any thread; when everything has ended there is nobody left."""
        with self._ringing:
            if self._bell is not None:
                is_awake = bool(self._woken)
                self._woken.append(sleeper)
                if not is_awake:  # a pipe takes so many bytes; who writes more waits, with the lock in hand
                    os.write(self._bell[1], b"!")

    def _wake_later(self, sleeper: Sleeper, seconds: float) -> None:
        heapq.heappush(self._pauses, (time.monotonic() + seconds, next(self._numbers), sleeper))

    def _go_on(self, number: int, *, is_ready: bool) -> None:
        self._poll.unregister(number)
        task, _ = self._waiting.pop(number)
        task.go_on(is_ready)

    def _late(self, *, any_ready: bool) -> bool:
        """Let those go on whose time is up; whether there was any."""
        if not (self._pauses or self._waiting):
            return False
        now, late = time.monotonic(), []
        while self._pauses and self._pauses[0][0] <= now:
            late.append(heapq.heappop(self._pauses)[2])
        for sleeper in late:
            sleeper.wake()
        if any_ready and now < self._next_look:
            return bool(late)
        self._next_look = now + LOOK
        too_late = [number for number, (_, until) in self._waiting.items() if until <= now]
        for number in too_late:
            self._go_on(number, is_ready=False)
        return bool(late or too_late)
