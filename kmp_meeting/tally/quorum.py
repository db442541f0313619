"""Whether enough of those who may vote have come."""

from typing import NamedTuple

from .shares import Threshold


class Attendance(NamedTuple):
    """How many of a class are on the roll, and how many of them are present or represented."""

    roll: int
    present: int


class QuorumLine(NamedTuple):
    """One requirement: ``code`` of the class, or None for the meeting as a whole."""

    code: str | None
    roll: int
    present: int
    needed: int

    @property
    def is_met(self):
        return self.present >= self.needed


def quorum(attendance, total: Threshold | None, each_class: Threshold | None):
    """The requirements one by one, the whole meeting last; a threshold that is None asks for nobody.

    :param attendance: {class code: Attendance}; a class with nobody on the roll asks for nobody
    """
    lines = [_line(code, *counts, each_class) for code, counts in attendance.items() if counts.roll]
    roll = sum(counts.roll for counts in attendance.values())
    present = sum(counts.present for counts in attendance.values())
    return [*lines, _line(None, roll, present, total)]


def is_quorate(lines):
    """Every requirement is met, and somebody has come."""
    return all(line.is_met for line in lines) and any(line.present for line in lines)


def _line(code, roll, present, threshold):
    return QuorumLine(code, roll, present, threshold.needed(roll) if threshold else 0)
