"""One benchmark in this process; ``bench`` calls it. Exits with 3 when a target was missed."""

import odoo.init  # before anything else of Odoo; isort: skip

import argparse
import importlib
import subprocess
import sys
from pathlib import Path

import odoo.sql_db

from demo.database import configure, recreate, session, start

from . import report
from .__main__ import OVER
from .catalogue import BENCHMARKS
from .lab import Lab

DROPDB = Path(__file__).parents[1] / "bin" / "dropdb"


def main():
    arguments = parse_arguments()
    benchmark = importlib.import_module(BENCHMARKS[arguments.name])
    scale = arguments.scale or benchmark.SMALL
    size = benchmark.FULL._make(max(1, round(scale * number)) for number in benchmark.FULL)
    configure(arguments.database)
    recreate(arguments.database)
    try:
        start(arguments.database)
        report.print_heading(arguments.name, benchmark.__doc__.splitlines()[0], size)
        with session(arguments.database) as connection:
            lab = Lab(connection, scale, report.print_step, arguments.profile)
            benchmark.run(lab, size)
            connection.cr.rollback()
    finally:
        drop(arguments)
    if not report.print_verdict(lab.steps):
        sys.exit(OVER)


def drop(arguments):
    """Throw the database away, unless it is to be looked at."""
    if not arguments.keep:
        odoo.sql_db.close_all()
        subprocess.run([DROPDB, arguments.database], check=False)  # noqa: S603  # our own script


def parse_arguments():
    parser = argparse.ArgumentParser(prog="bench.one", description=__doc__)
    parser.add_argument("name", choices=BENCHMARKS)
    parser.add_argument("--database", required=True)
    parser.add_argument("--scale", type=float)
    parser.add_argument("--profile")
    parser.add_argument("--keep", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
