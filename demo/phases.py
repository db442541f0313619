"""How long each part took, as a table."""

import time
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass
class Phase:
    name: str
    rows: int | None = None
    seconds: float = 0.0

    @property
    def speed(self):
        return round(self.rows / self.seconds) if self.rows and self.seconds else None


class Phases:
    def __init__(self):
        self.all = []
        self.begun = time.perf_counter()

    @contextmanager
    def __call__(self, name):
        """Time a phase; set ``rows`` on what it gives, to have rows per second as well."""
        phase = Phase(name)
        print(f"  {name} ...", end="", flush=True)
        begun = time.perf_counter()
        yield phase
        phase.seconds = time.perf_counter() - begun
        self.all.append(phase)
        print(f" {phase.seconds:.1f} s", flush=True)

    @property
    def seconds(self):
        return time.perf_counter() - self.begun
