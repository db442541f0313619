"""Recompute a distribution from its inputs alone: ``python -I -S demo/verify.py out/inputs.tsv``.

Plain Python and the engine, no Odoo and no package: what an auditor would do. Prints the hash,
then a line per member with the amount.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "kmp_shu"))

from engine import digest, distribute, from_bytes, number


def main(path):
    data = Path(path).read_bytes()
    print(digest(data))
    for member, amounts in distribute(from_bytes(data)).members.items():
        print(member, number(amounts["total"]), sep="\t")


if __name__ == "__main__":
    main(sys.argv[1])
