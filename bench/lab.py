"""What a benchmark works with: a session on its database, and a clock."""

import cProfile
from contextlib import contextmanager, nullcontext

from odoo import api

from .measure import LEAST_SECONDS, Step, measured


class Lab:
    """:param scale: the part of the full size that is run: limits in seconds shrink with it"""

    def __init__(self, session, scale, on_step, profile=None):
        self.session = session
        self.scale = scale
        self.steps = []
        self._on_step = on_step
        self._profile = profile

    @property
    def cr(self):
        return self.session.cr

    def as_user(self, login):
        return self.session.as_user(login)

    def as_server(self):
        """As the server's own jobs run: the superuser, no company chosen."""
        return api.Environment(self.cr, api.SUPERUSER_ID, {})

    def commit(self):
        self.session.commit()

    @contextmanager
    def step(self, name, rows=None, limit=None, **targets):
        """Measure a step; see ``Step`` for the targets, which are those of the full size.

        Set ``rows`` on what it gives where the number is known only afterwards.
        """
        step = Step(name, rows, limit=self._scaled(limit), **targets)
        is_profiled = self._profile and step.has_target
        profiler = cProfile.Profile() if is_profiled else nullcontext()
        with measured(step, self.server_pid()), profiler:
            yield step
        if is_profiled:
            profiler.dump_stats(f"{self._profile}-{name.replace(' ', '-')}.prof")
        self.steps.append(step)
        self._on_step(step)

    def fastest(self, times, name, work, **targets):
        """The same work several times, of which the fastest counts: the first one also fills caches."""
        steps = []
        for _time in range(times):
            step = Step(name, **targets)
            with measured(step, self.server_pid()):
                step.rows = work()
            steps.append(step)
        return min(steps, key=lambda step: step.seconds)

    def measured(self, step):
        """Fill in what the block costs; `record` it afterwards."""
        return measured(step, self.server_pid())

    def record(self, step):
        step.limit = self._scaled(step.limit)
        self.steps.append(step)
        self._on_step(step)
        return step

    def _scaled(self, limit):
        if limit is None or self.scale == 1:
            return limit
        return max(limit * self.scale, LEAST_SECONDS)

    def server_pid(self):
        return self.cr._cnx.info.backend_pid
