"""The audit bundle of a run: what stands in it, and whether it agrees with itself.

A zip of texts, UTF-8, fields separated by a TAB, one record per line::

    README.md    how to read and check it, in Indonesian and English
    run.tsv      key and value: names, hash, approval, accounts, root and key of the proofs
    inputs.txt   the canonical form, see ``canonical``
    scheme.tsv   the lines of the scheme with names, accounts and clauses
    pools.tsv    every node of the waterfall: amount, residual, total weight
    shares.tsv   every member: an amount per pool, total, tax, net
    members.tsv  number, class and name of the members
    entry.tsv    the items of the posted entry, where there is one; of a correction those of the
                 entries that it corrects, too, which together carry what it computed
    engine/      this verifier
    SHA256SUMS   of every other file

``pools.tsv``, ``shares.tsv`` and the root are made again from ``inputs.txt`` and must be the same
byte for byte; the entry must carry them.
"""

import hashlib
import zipfile
from functools import cached_property

from .canonical import from_bytes
from .exact import EXACT, number, parse, plain, total
from .merkle import leaf_hash, root
from .tables import NEWLINE, NOTHING, TAB, entry_balances, member_leaves, pool_records, share_records
from .waterfall import distribute

SUMS = "SHA256SUMS"
CHUNK = 1 << 20
FILES = ("README.md", "run.tsv", "inputs.txt", "scheme.tsv", "pools.tsv", "shares.tsv", "members.tsv")
ENTRY = "entry.tsv"


class BundleError(ValueError):
    """A bundle that does not agree with itself: the file, and what differs."""


class Bundle:
    """A bundle that is read from a zip file; ``verify`` runs its checks in order."""

    def __init__(self, file):
        self.zip = zipfile.ZipFile(file)
        self.names = self.zip.namelist()

    def verify(self, wanted_hash=None, wanted_root=None):
        """Every check as ``(what, detail)``; raises at the first that fails, see ``errors``."""
        yield "files", self.check_files()
        yield "inputs", self.check_inputs(wanted_hash)
        yield "distribution", self.check_sums()
        yield "pools", self.check_pools()
        yield "shares", self.check_shares()
        if ENTRY in self.names:
            yield "entry", self.check_entry()
        if self.run.get("root"):
            yield "root", self.check_root(wanted_root)

    # What is read once

    @cached_property
    def run(self):
        return dict(self.records("run.tsv"))

    @cached_property
    def inputs(self):
        return from_bytes(self.zip.read("inputs.txt"))

    @cached_property
    def distribution(self):
        return distribute(self.inputs)

    def records(self, name):
        """The records of a file as lists of fields, one after the other."""
        with self.zip.open(name) as file:
            for line in file:
                yield line.decode().removesuffix(NEWLINE).split(TAB)

    # The checks

    def check_files(self):
        """All files are there, no other, and each has its sum."""
        sums = dict(line.split("  ", 1)[::-1] for line in self.zip.read(SUMS).decode().splitlines())
        missing = sorted({*FILES, *sums} - set(self.names))
        unknown = sorted(set(self.names) - {SUMS, *sums})
        if missing or unknown or len(self.names) != len(set(self.names)):
            raise BundleError(f"Files are missing ({missing}), not summed ({unknown}) or there twice.")
        for name, wanted in sums.items():
            given = self._sum(name)
            if given != wanted:
                raise BundleError(f"{name} has the SHA-256 {given}, {SUMS} says {wanted}.")
        return f"{len(sums)} files have the sums of {SUMS}"

    def _sum(self, name):
        sha256 = hashlib.sha256()
        with self.zip.open(name) as file:
            while chunk := file.read(CHUNK):
                sha256.update(chunk)
        return sha256.hexdigest()

    def check_inputs(self, wanted):
        """The inputs are what was approved, and what the minutes name."""
        given = self._sum("inputs.txt")
        names = {"run.tsv, hash": self.run.get("hash"), "the minutes": wanted}
        if self.run.get("approved_hash"):
            names["run.tsv, approved_hash"] = self.run["approved_hash"]
        for where, named in names.items():
            if named and named.lower() != given:
                raise BundleError(f"inputs.txt has the SHA-256 {given}, {where}: {named}.")
        return f"SHA-256 {given}"

    def check_sums(self):
        """The canonical form is one, its scheme may be distributed, and every node sums."""
        outcome = self.distribution
        members = total(total(amounts.values()) for amounts in outcome.parts.values())
        return (
            f"{number(self.inputs.surplus)} {self.inputs.currency}: members {number(members)}, "
            f"residual {number(outcome.residual_total)}"
        )

    def check_pools(self):
        return self._check_same("pools.tsv", pool_records(self.inputs, self.distribution))

    def check_shares(self):
        return self._check_same("shares.tsv", share_records(self.inputs, self.distribution))

    def _check_same(self, name, wanted):
        """The file holds the records that were computed, in their order and nothing else."""
        rows = 0
        with self.zip.open(name) as file:
            for rows, expected in enumerate(wanted, 1):
                given = file.readline()
                if given != expected.encode():
                    raise BundleError(f"{name}, line {rows} is {given!r}; recomputed: {expected!r}.")
            if extra := file.readline():
                raise BundleError(f"{name} goes on with {extra!r} after {rows} lines.")
        return f"{rows - 1} lines recomputed, all the same"

    def check_entry(self):
        """Debit is credit, and every account carries what the waterfall gives it."""
        given = self._entry_balances()
        wanted = entry_balances(
            self.inputs,
            self.distribution,
            self._accounts(),
            self.run["payable_account"],
            self.run["undistributed_account"],
        )
        for account in sorted({*given, *wanted}):
            there, due = given.get(account, NOTHING), wanted.get(account, NOTHING)
            if there != due:
                raise BundleError(f"entry.tsv: account {account} has {plain(there)}, not {plain(due)}.")
        return f"{len(given)} accounts carry the distribution"

    def _entry_balances(self):
        """Credit less debit by account code, in currency; zeros left out."""
        balances = {}
        for _entry, account, _name, _label, _member, debit, credit in list(self.records(ENTRY))[1:]:
            amount = EXACT.subtract(parse(credit), parse(debit))
            balances[account] = EXACT.add(balances.get(account, NOTHING), amount)
        return {account: amount for account, amount in balances.items() if amount}

    def _accounts(self):
        """Account code by line code, of the lines that have one."""
        header, *rows = self.records("scheme.tsv")
        lines = (dict(zip(header, row, strict=True)) for row in rows)
        return {line["line"]: line["account"] for line in lines if line["account"]}

    def check_root(self, wanted):
        """The root of the members' proofs is that of these shares."""
        leaves = member_leaves(self.inputs, self.distribution, self.run["hash"], self.run["key"])
        given = root([leaf_hash(data) for data in leaves]).hex()
        for where, named in {"run.tsv": self.run["root"], "the minutes": wanted}.items():
            if named and named.lower() != given:
                raise BundleError(f"The shares have the root {given}, {where}: {named}.")
        return given
