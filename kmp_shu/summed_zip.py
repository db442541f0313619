"""A zip whose files have their SHA-256 in a file of their own. Nothing here knows Odoo."""

import hashlib

from .engine.bundle import SUMS
from .engine.tables import record


class SummedZip:
    """Writes the files of a zip one after the other and remembers their sums."""

    def __init__(self, archive):
        self.archive = archive
        self.sums = {}

    def open(self, name):
        return _SummedFile(self, name)

    def add(self, name, data):
        with self.open(name) as sink:
            sink.write(data)

    def add_records(self, name, records):
        """Texts of users lose what would break a record: one line each, no TAB."""
        lines = (record(*(" ".join(field.split()) for field in fields)) for fields in records)
        self.add(name, "".join(lines).encode())

    def add_sums(self):
        lines = "".join(f"{digest}  {name}\n" for name, digest in self.sums.items())
        self.archive.writestr(SUMS, lines)


class _SummedFile:
    """A file in the making whose SHA-256 goes into the sums when it is closed."""

    def __init__(self, writer, name):
        self.writer, self.name = writer, name
        self.sha256 = hashlib.sha256()

    def __enter__(self):
        self.file = self.writer.archive.open(self.name, "w", force_zip64=True)
        return self

    def write(self, chunk):  # pylint: disable=method-required-super
        self.sha256.update(chunk)
        return self.file.write(chunk)

    def __exit__(self, *failure):
        self.file.close()
        self.writer.sums[self.name] = self.sha256.hexdigest()
