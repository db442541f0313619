"""The gate of the test run: what pytest and Odoo would let pass in silence fails it.

* an ERROR that Odoo logs, or a WARNING of one of our addons, fails the test during which it
  was logged. A test that provokes one says so with `assertLogs` or `mute_logger`, which keep
  the record from getting here;
* a test that is skipped without a stated reason fails the run, and so does an HttpCase that
  is skipped only because the server for it was not asked for (`--odoo-http`).
"""

import logging
import os
import re
import shutil
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings

# What a test of properties found is told with its seed (bin/test prints it too) and found again with it; how fast examples come
# says nothing on a busy machine.
settings.register_profile(
    "kmp", deadline=None, database=None, print_blob=True, suppress_health_check=list(HealthCheck)
)
settings.load_profile("kmp")

# logger, pattern of the message, why it is of no concern
ALLOWED_RECORDS = [
    (
        "odoo.tools.translate",
        r"no translation language detected",
        "a test that calls _() outside of a request",
    ),
]
REASONS_THAT_ARE_NONE = re.compile(
    r"^(Skipped)?:? ?(|unconditional skip|Test .* skipped because it is an HttpCase and --odoo-http is not set)$"
)
OURS = "odoo.addons.kmp_"


class Recorder(logging.Handler):
    """Keeps what a run must not log, and in which test it was logged."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.current = "outside of a test"
        self.bad = []

    def emit(self, record):
        if self.concerns(record):
            text = logging.Formatter("%(levelname)s %(name)s: %(message)s").format(record)
            self.bad.append((self.current, text))

    def concerns(self, record):
        if not record.name.startswith("odoo"):
            return False
        if record.levelno < logging.ERROR and not record.name.startswith(OURS):
            return False
        message = record.getMessage()
        return not any(
            record.name == name and re.search(pattern, message) for name, pattern, _why in ALLOWED_RECORDS
        )

    def take(self, nodeid):
        """Return what was logged up to the end of this test and forget it."""
        taken = [text for where, text in self.bad if where == nodeid]
        self.bad = [(where, text) for where, text in self.bad if where != nodeid]
        return taken


class Gate:
    def __init__(self):
        self.recorder = Recorder()
        self.skipped = []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        self.recorder.current = item.nodeid
        try:
            return (yield)
        finally:
            self.recorder.current = f"after {item.nodeid}"

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item):
        report = yield
        logged = self.recorder.take(item.nodeid)
        if logged and report.outcome != "failed":
            report.outcome = "failed"
            report.longrepr = "Logged during this test:\n\n" + "\n".join(logged)
        elif logged:
            report.sections.append(("Logged during this test", "\n".join(logged)))
        return report

    def pytest_runtest_logreport(self, report):
        if report.skipped and not hasattr(report, "wasxfail"):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            if REASONS_THAT_ARE_NONE.match(reason):
                self.skipped.append(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        if hasattr(session.config, "workeroutput"):
            # One of several processes (pytest-xdist): the one that leads them judges.
            session.config.workeroutput["kmp_bad"] = self.recorder.bad
            return
        if (self.skipped or self.recorder.bad) and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node):
        self.recorder.bad += [tuple(bad) for bad in getattr(node, "workeroutput", {}).get("kmp_bad", [])]

    def pytest_terminal_summary(self, terminalreporter):
        for nodeid in self.skipped:
            terminalreporter.write_line(f"FAILED {nodeid} - skipped without a stated reason", red=True)
        for where, text in self.recorder.bad:
            terminalreporter.write_line(f"FAILED {where} - logged: {text}", red=True)


@pytest.fixture(scope="session", autouse=True)
def own_filestore(load_registry):
    """Let each of several processes (pytest-xdist) keep attachments apart.

    pytest-odoo shares one folder among them, but after each test class Odoo removes the
    files that its own database does not know, and those of the others with them.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if not worker:
        yield
        return
    from odoo.tools import config

    shared = Path(config.filestore("shared"))
    own = shared.with_name(f"{shared.name}-{worker}")
    shutil.rmtree(own, ignore_errors=True)
    # Attachments are named by their content and never rewritten: links are enough.
    shutil.copytree(shared, own, copy_function=os.link)
    with mock.patch.object(config, "filestore", return_value=str(own)):
        yield
    shutil.rmtree(own, ignore_errors=True)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config):
    # pytest-odoo would silence all but CRITICAL: then there is nothing to see.
    if config.getoption("odoo_log_level", None) == "critical":
        config.option.odoo_log_level = "warn"
    return (yield)


def pytest_configure(config):
    gate = Gate()
    config.pluginmanager.register(gate, "kmp-gate")
    logging.getLogger().addHandler(gate.recorder)
