#!/usr/bin/env python3
"""Check what was taken home from the auditor's room, or draw a sample of a ledger.

    python3 verify.py AUDIT.zip
    python3 verify.py ledger.csv --seed SEED --size N [--method random|value] [--by-journal] [--key-value AMOUNT]

Needs Python 3.10 or later and nothing else. Each check is printed; the first difference ends with exit code 1, a file that cannot be
read with 2. How a sample is drawn stands in ``sample.py``.
"""

import argparse
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

if not __package__:  # run as a file: the folder above holds the package, this one only modules
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    __package__ = "engine"

from . import ledger, sample
from .bundle import Bundle, read_plain

FAILED, UNREADABLE = 1, 2


def main(arguments=None):
    """Do what the command line says; returns the exit code."""
    options = _parse(arguments)
    try:
        return _verify(Bundle(options.file)) if zipfile.is_zipfile(options.file) else _draw(options)
    except (OSError, KeyError, ValueError, ArithmeticError, zipfile.BadZipFile) as error:
        print(f"{options.file} cannot be read: {error}", file=sys.stderr)
        return UNREADABLE


def _parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", help="what was taken home (.zip), or a ledger (.csv)")
    parser.add_argument("--seed", help="the seed of the sample")
    parser.add_argument("--size", type=int, help="entries, or points, in each stratum")
    parser.add_argument("--method", choices=sample.METHODS, default=sample.RANDOM)
    parser.add_argument("--by-journal", action="store_true", help="a stratum for each journal")
    parser.add_argument("--key-value", type=Decimal, help="entries worth as much or more are all taken")
    return parser.parse_args(arguments)


def _verify(bundle):
    try:
        for what, detail in bundle.verify():
            print(f"ok    {what:<10}{detail}")
    except ValueError as error:
        print(f"FAIL  {error}")
        return FAILED
    print("Everything agrees.")
    return 0


def _draw(options):
    if options.seed is None or not options.size:
        raise ValueError("to draw a sample of a ledger, give --seed and --size")
    with open(options.file, "rb") as file:
        population = sample.entries(read_plain(ledger.items(file)))
    drawn = sample.draw(
        population, options.seed, options.size, options.method, options.by_journal, options.key_value
    )
    for entry in drawn:
        print(entry.journal, entry.number, entry.hits, sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main())
