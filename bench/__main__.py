"""Run benchmarks, each in a process of its own; see the package."""

import argparse
import subprocess
import sys

from .catalogue import BENCHMARKS


def main():
    arguments = parse_arguments()
    options = [f"--database={arguments.database}"]
    options += [f"--scale={arguments.scale}"] if arguments.scale else []
    options += [f"--profile={arguments.profile}"] if arguments.profile else []
    failed, over = [], []
    for name in arguments.names or BENCHMARKS:
        code = subprocess.call([sys.executable, "-m", "bench.one", name, *options])  # noqa: S603  # ourselves
        if code == OVER:
            over.append(name)
        elif code:
            failed.append(name)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")
    if over and arguments.strict:
        sys.exit(f"over target: {', '.join(over)}")


def parse_arguments():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        choices=[[], *BENCHMARKS],
        metavar="NAME",
        help=f"of {', '.join(BENCHMARKS)}; default: all",
    )
    parser.add_argument(
        "--database", default="kmp_bench", help="is replaced when it exists, and dropped afterwards"
    )
    parser.add_argument(
        "--full",
        dest="scale",
        action="store_const",
        const=1.0,
        help="at the full sizes, which takes many minutes",
    )
    parser.add_argument(
        "--scale", type=float, help="at this part of the full sizes; by default a small one, as a smoke test"
    )
    parser.add_argument("--strict", action="store_true", help="exit with an error when a target is missed")
    parser.add_argument(
        "--profile",
        metavar="PREFIX",
        help="write cProfile statistics of each judged step to PREFIX-<step>.prof",
    )
    return parser.parse_args()


OVER = 3

if __name__ == "__main__":
    main()
