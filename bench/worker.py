"""A second process of the server, which does the background work of a model beside the benchmark's own."""

import odoo.init  # noqa: F401  # before anything else of Odoo; isort: skip

import subprocess
import sys
from contextlib import contextmanager

from demo.database import configure, session


@contextmanager
def second_worker(database, model):
    """A worker that is up and waits; yields what lets it begin. It has to end well."""
    command = [sys.executable, "-m", "bench.worker", database, model]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # ourselves
        assert process.stdout.readline() == "ready\n"
        yield process.stdin.close
    assert process.returncode == 0, process.returncode


def main():
    database, model = sys.argv[1:]
    configure(database)
    with session(database) as connection:
        cron = connection.as_user("__system__")[model]
        connection.cr.rollback()
        print("ready", flush=True)
        sys.stdin.read()
        cron._cron_process()


if __name__ == "__main__":
    main()
