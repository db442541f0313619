"""What an auditor takes home, as one zip, and whether it agrees with itself::

README.md           how to read and check it, in Indonesian and English
audit.csv           key and value: company, year, auditor, when
tie-outs.xlsx       every tie-out with both sides and the difference
tie-outs.csv        the same, a line each
ledger.csv          every posted journal item of the year, see ``ledger``
ledger-totals.csv   its control totals per account
samples.csv         how each sample was drawn
sample-lines.csv    what was drawn
samples/            working list of each sample
runs/               audit bundle of each distribution of the year's surplus, with its own verifier
pack/               the book of the annual meeting, where it has been built
engine/             this verifier
SHA256SUMS          of every other file
"""

import hashlib
import zipfile
from decimal import Decimal

from . import ledger, sample
from .ledger import LEDGER, TOTALS, plain

SUMS, SAMPLES, SAMPLE_LINES = "SHA256SUMS", "samples.csv", "sample-lines.csv"
FACTS, TIE_OUTS = "audit.csv", "tie-outs.csv"
FACT_COLUMNS = ("key", "value")
TIE_OUT_COLUMNS = ("tie_out", "status", "difference", "found", "checked_on", "message")
SAMPLE_COLUMNS = ("sample", "seed", "method", "size", "by_journal", "key_value")
LINE_COLUMNS = ("sample", "stratum", "journal", "entry", "hits")
CHUNK = 1 << 20


class BundleError(ValueError):
    """A bundle that does not agree with itself: the file, and what differs."""


class Bundle:
    """A bundle that is read from a zip file; ``verify`` runs its checks in order."""

    def __init__(self, file):
        self.zip = zipfile.ZipFile(file)
        self.names = self.zip.namelist()

    def verify(self):
        """Every check as ``(what, detail)``; raises a ValueError at the first that fails."""
        yield "files", self.check_files()
        yield "ledger", self.check_ledger()
        for settings in self._read(SAMPLES):
            yield "sample", self.check_sample(settings)

    def check_files(self):
        """All files are there, no other, and each has its sum."""
        lines = self.zip.read(SUMS).decode().splitlines()
        sums = dict(line.split("  ", 1)[::-1] for line in lines)
        if sorted(self.names) != sorted([*sums, SUMS]):
            strange = sorted(set(self.names) ^ {*sums, SUMS})
            raise BundleError(f"Files are missing, not summed or there twice: {strange}.")
        for name, wanted in sums.items():
            if self._sum(name) != wanted:
                raise BundleError(f"{name} does not have the SHA-256 of {SUMS}.")
        return f"{len(sums)} files have the sums of {SUMS}"

    def check_ledger(self):
        """The items have the control totals."""
        with self.zip.open(LEDGER) as items, self.zip.open(TOTALS) as controls:
            whole = ledger.check(ledger.items(items), ledger.totals(controls))
        return f"{whole.items} items, debit {whole.debit} = credit {whole.credit}"

    def check_sample(self, settings):
        """The sample, drawn again from the ledger, is what was drawn."""
        name = settings["sample"]
        with self.zip.open(LEDGER) as file:
            population = sample.entries(read_plain(ledger.items(file)))
        given = [line for line in self._read(SAMPLE_LINES) if line["sample"] == name]
        drawn = sample.draw(
            population,
            settings["seed"],
            int(settings["size"]),
            settings["method"],
            settings["by_journal"] == "yes",
            Decimal(settings["key_value"]) if settings["key_value"] else None,
        )
        lines = [
            sample.Drawn(*(line[column] for column in LINE_COLUMNS[1:4]), int(line["hits"])) for line in given
        ]
        if lines != drawn:
            raise BundleError(f"Sample {name}: the seed draws other entries from this ledger.")
        return f"{name}: {len(drawn)} of {len(population)} entries, drawn again"

    def _read(self, name):
        with self.zip.open(name) as file:
            return list(read_plain(ledger.records(file)))

    def _sum(self, name):
        sha256 = hashlib.sha256()
        with self.zip.open(name) as file:
            while chunk := file.read(CHUNK):
                sha256.update(chunk)
        return sha256.hexdigest()


def read_plain(rows):
    """Records as they were before ``ledger.safe``."""
    for row in rows:
        yield {key: plain(value) if isinstance(value, str) else value for key, value in row.items()}
