#!/usr/bin/env python3
"""Recompute a distribution of the surplus from its audit bundle, or check one member's proof.

    python3 verify.py BUNDLE.zip  [--hash HASH] [--root ROOT]
    python3 verify.py PROOF.json  [--root ROOT]

Needs Python 3.10 or later and nothing else. ``HASH`` and ``ROOT`` are those of the minutes of the
meeting: only with them does the check say that this is the distribution that was resolved, and not
another one that is right in itself. Each check is printed; the first difference ends with exit
code 1, a file that cannot be read with 2.
"""

import argparse
import json
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

if not __package__:  # run as a file: the folder above holds the package, this one only modules
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    __package__ = "engine"

from . import proof
from .bundle import Bundle
from .errors import DistributionError

FAILED, UNREADABLE = 1, 2


def main(arguments=None):
    """Run all checks of the file that the command line names; returns the exit code."""
    options = _parse(arguments)
    try:
        checks = _checks(options)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        print(f"{options.file} cannot be read: {error}", file=sys.stderr)
        return UNREADABLE
    try:
        for what, detail in checks:
            print(f"ok    {what:<14}{detail}")
    except (DistributionError, ValueError) as error:
        print(f"FAIL  {error}")
        return FAILED
    print("Everything agrees.")
    return 0


def _parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", help="audit bundle (.zip) or a member's proof (.json)")
    parser.add_argument("--hash", help="SHA-256 of the inputs, from the minutes")
    parser.add_argument("--root", help="root of the members' proofs, from the minutes")
    return parser.parse_args(arguments)


def _checks(options):
    if zipfile.is_zipfile(options.file):
        return Bundle(options.file).verify(options.hash, options.root)
    with open(options.file, encoding="utf-8") as file:
        try:
            given = json.load(file, parse_float=Decimal)
        except ValueError:
            raise ValueError("it is neither an audit bundle (.zip) nor a member's proof (.json)") from None
    return proof.verify(given, options.root)


if __name__ == "__main__":
    sys.exit(main())
