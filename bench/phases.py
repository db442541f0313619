"""What the parts of a step cost: methods of a model that are measured while others call them."""

from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from .measure import Step, measured, memory


@contextmanager
def phases(lab, model, methods):
    """Measure each call of ``methods`` (name -> label) of an Odoo model; gives the list of their steps.

    They must not call each other. Each forgets the peak of memory before it, so that of the block is their largest.
    """
    steps = []
    with ExitStack() as patches:
        for method, label in methods.items():
            wrapped = _wrapped(lab, getattr(type(model), method), label, steps)
            patches.enter_context(patch.object(type(model), method, wrapped))
        yield steps


def _wrapped(lab, method, label, steps):
    def call(self, *arguments, **options):
        step = next((step for step in steps if step.name == label), None)
        before = memory()[1]
        once = Step(label)
        with measured(once, lab.server_pid()):
            result = method(self, *arguments, **options)
        once.peak = max(once.peak, before)
        if step:
            _add(step, once)
        else:
            steps.append(once)
        return result

    return call


def _add(step, more):
    step.seconds += more.seconds
    step.odoo_cpu += more.odoo_cpu
    step.server_cpu = step.server_cpu is not None and step.server_cpu + more.server_cpu
    step.peak = max(step.peak, more.peak)
