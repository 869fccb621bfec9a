"""Task: a piece of work that lets go of its thread where it waits, on a stack of its own for that long.

This and `loop` are the importers of greenlet.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from greenlet import getcurrent, greenlet

if TYPE_CHECKING:
    from connector_sdk.loop import Loop

Answer = TypeVar("Answer")


class Task(Generic[Answer]):
    """A piece of work that a loop has begun."""

    __slots__ = ("_answer", "_error", "_followers", "_stack", "_work", "go_on", "is_done", "loop")

    def __init__(self, loop: Loop, work: Callable[[], Answer], stack: Stack) -> None:
        self.loop = loop
        self.go_on: Callable[..., None] = stack.switch
        """Has the task run until it waits or ends; what is given is what `wait` gives."""
        self.is_done = False
        self._stack = stack
        self._work = work
        self._answer: Answer
        self._error: BaseException | None = None
        self._followers: list[Sleeper] = []

    def run(self) -> None:
        """Do the work; its stack has this called."""
        try:
            self._answer = self._work()
        except Exception as error:  # noqa: BLE001  # raised where the result is asked for
            self._error = error
        except BaseException as error:  # who interrupts means everybody: it goes on in the loop
            self._error = error
            raise
        finally:
            self.is_done = True
            self.loop.ended(self._followers)

    @property
    def is_well(self) -> bool:
        """Whether it is done and has a result."""
        return self.is_done and self._error is None

    def wait(self) -> Any:
        """Let go of the thread until somebody has the task go on; the task itself calls it."""
        return self._stack.rest()

    def result(self) -> Answer:
        """What the work gave, when it is done; or what it raised, as an exception."""
        if self._error is not None:
            raise self._error
        return self._answer

    def join(self) -> None:
        """Wait for its end, in another task of the same loop."""
        task = current()
        if task is not None and not self.is_done:
            self._followers.append(Sleeper(task))
            task.wait()


class Stack(greenlet):
    """Where tasks run, one after another: Python asks the system for memory for each one that is made."""

    task: Task[Any] | None = None

    def run(self) -> None:
        """Do the task, and then each next one that it is given; the end comes when there is none."""
        while self.task is not None:
            self.task.run()
            idle, self.task = self.task.loop.idle, None
            idle.append(self)
            self.rest()

    def begin(self, task: Task[Any]) -> None:
        """Run a task, in a context of its own, until it waits or ends."""
        self.parent = getcurrent()
        self.gr_context = contextvars.copy_context()
        self.task = task
        self.switch()

    def end(self) -> None:
        """Have it end, for which there is no task."""
        self.parent = getcurrent()
        self.switch()

    def rest(self) -> Any:
        """Let go of the thread; it goes to whoever began the task."""
        return self.parent.switch() if self.parent is not None else None


def current() -> Task[Any] | None:
    """The task that asks, where it is asked in one."""
    here = getcurrent()
    return here.task if isinstance(here, Stack) else None


def beside() -> Sequence[Loop]:
    """The loops whose tasks wait while their thread does something else: they are asked for outside of tasks."""
    return tuple(vars(getcurrent()).get("loops", ()))


class Sleeper:
    """A task to be woken once, by whoever comes first."""

    def __init__(self, task: Task[Any]) -> None:
        self._task: Task[Any] | None = task

    def wake(self) -> None:
        """Let it go on."""
        task, self._task = self._task, None
        if task is not None:
            task.go_on()
