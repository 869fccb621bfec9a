"""Arithmetic on INT, DECIMAL and FLOAT, with the service's limits."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Context, Decimal, DecimalException, InvalidOperation, Overflow
from typing import Any

from connectors.s3.select.faults import Fault
from connectors.s3.select.values import MAX_INT, MIN_INT, is_number, kind_of, number_in

DIGITS = 38


def arithmetic(operator: str, loose: bool) -> Callable[[Any, Any], Any]:
    """The operation on two values that are neither NULL nor MISSING; Fault where it has no result."""
    context = Context(prec=DIGITS, traps=[InvalidOperation, Overflow])
    divides = operator in ("/", "%")
    whole, real, exact = OPERATIONS[operator]

    def calculate(left: Any, right: Any) -> Any:
        a, b = as_number(left, loose), as_number(right, loose)
        if divides and b == 0:
            raise Fault("ExternalEvalException", "division by zero")
        try:
            if type(a) is int and type(b) is int:
                return checked(whole(a, b))
            if type(a) is float or type(b) is float:
                return finite(real(float(a), float(b)))
            return exact(context)(a, b)
        except (DecimalException, OverflowError) as error:
            raise Fault("NumberFormatError", f"the result of '{operator}' cannot be written as a number") from error

    return calculate


def as_number(value: Any, loose: bool) -> Any:
    """The value, or with `loose` the number that its text says; Fault otherwise."""
    if is_number(value):
        return value
    number = number_in(value) if loose and type(value) is str else None
    if number is None:
        shown = f"'{value[:50]}'" if type(value) is str else kind_of(value)
        raise Fault("InvalidDataType", f"{shown} is not a number; use CAST, or test the value before")
    return number


def checked(value: int) -> int:
    """An INT of 64 bits; Fault for a larger one."""
    if not MIN_INT <= value <= MAX_INT:
        raise Fault("IntegerOverflow", "the result does not fit an INT of 64 bits; CAST to DECIMAL first")
    return value


def finite(value: float) -> float:
    """The value; Fault for infinity."""
    if not math.isfinite(value):
        raise Fault("NumberFormatError", "the result does not fit a FLOAT")
    return value


def _divide(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _modulo(left: int, right: int) -> int:
    return left - right * _divide(left, right)


OPERATIONS: dict[str, tuple[Callable[[int, int], int], Callable[[float, float], float], Any]] = {
    "+": (lambda a, b: a + b, lambda a, b: a + b, lambda context: context.add),
    "-": (lambda a, b: a - b, lambda a, b: a - b, lambda context: context.subtract),
    "*": (lambda a, b: a * b, lambda a, b: a * b, lambda context: context.multiply),
    "/": (_divide, lambda a, b: a / b, lambda context: context.divide),
    "%": (_modulo, math.fmod, lambda context: context.remainder),
}


def average(total: Any, count: int) -> Any:
    """The mean: a FLOAT of floats, else a DECIMAL."""
    if type(total) is float:
        return total / count
    return Context(prec=DIGITS).divide(Decimal(total), Decimal(count))
