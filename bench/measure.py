"""What a step costs: seconds, processor seconds of Odoo and of its connection's server process, peak memory."""

import resource
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = 100  # a second, in /proc, on every Linux
# A step at a part of its size may always take this long, and each this much longer than its floor: below that one
# measures the machine.
LEAST_SECONDS, LEAST_DIFFERENCE = 2.0, 0.25


@dataclass
class Step:
    """One measured step. ``limit`` in seconds, ``ratio`` is how many times as long as its ``floor`` it may take, ``memory`` in MB,
    ``process`` in MB with all that was there before."""

    name: str
    rows: int | None = None
    limit: float | None = None
    floor: "Step | None" = None
    ratio: float | None = None
    memory: float | None = None
    process: float | None = None
    seconds: float = 0.0
    odoo_cpu: float = 0.0
    server_cpu: float | None = None
    peak: float | None = None  # MB
    grown: float | None = None  # MB above what the process had before

    @property
    def times_floor(self):
        return self.seconds / self.floor.seconds if self.floor else None

    @property
    def has_target(self):
        return any(target is not None for target in (self.limit, self.ratio, self.memory, self.process))

    @property
    def misses(self):
        """Which targets are missed: list of words."""
        late = self.limit is not None and self.seconds > self.limit
        slow = self.ratio is not None and self.seconds > self.ratio * self.floor.seconds + LEAST_DIFFERENCE
        large = self.memory is not None and self.grown is not None and self.grown > self.memory
        heavy = self.process is not None and self.peak > self.process
        found = {"seconds": late, "ratio": slow, "memory": large, "process": heavy}
        return [word for word, missed in found.items() if missed]


@contextmanager
def measured(step, server_pid=None):
    """Fill in what the block costs."""
    _forget_peak()
    before, cpu, server = memory()[0], time.process_time(), server_seconds(server_pid)
    begun = time.perf_counter()
    yield step
    step.seconds = time.perf_counter() - begun
    step.odoo_cpu = time.process_time() - cpu
    step.peak = memory()[1]
    step.grown = step.peak - before
    if server is not None:
        step.server_cpu = server_seconds(server_pid) - server


def memory():
    """Resident memory of this process in MB: (now, peak since the last ``_forget_peak``)."""
    with suppress(OSError):
        lines = Path("/proc/self/status").read_text().splitlines()
        sizes = {key: value for key, _colon, value in (line.partition(":") for line in lines)}
        return tuple(int(sizes[key].split()[0]) / 1024 for key in ("VmRSS", "VmHWM"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return peak, peak


def _forget_peak():
    with suppress(OSError):  # then the peak is that of the whole process
        Path("/proc/self/clear_refs").write_text("5")


def server_seconds(pid):
    """Processor seconds of the server's process of a connection so far; None where it is on another machine."""
    with suppress(OSError, TypeError):
        fields = Path(f"/proc/{int(pid)}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    return None
