"""Every reference case through Odoo and through the plain-Python engine.

The cases stand in `tests/cases/`; `KMP_CASES` names a further folder of them.
"""

import csv
import io
import json
import os
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.kmp_shu.engine import case as reference
from odoo.addons.kmp_shu.engine.canonical import digest, from_bytes, to_bytes
from odoo.addons.kmp_shu.engine.errors import CaseError
from odoo.addons.kmp_shu.engine.exact import parse
from odoo.addons.kmp_shu.engine.waterfall import distribute
from odoo.addons.kmp_shu.tests.common import CooperativeCase

HERE = Path(__file__).parent / "cases"


def case_files():
    outside = os.environ.get("KMP_CASES")
    folders = [HERE, Path(outside)] if outside else [HERE]
    if outside and not list(Path(outside).glob("*.json")):
        raise FileNotFoundError(f"KMP_CASES names {outside}, which holds no *.json.")
    return [path for folder in folders for path in sorted(folder.glob("*.json"))]


@tagged("post_install", "-at_install")
class TestReferenceCases(CooperativeCase):
    """One test per case and engine, added below."""

    def check_engine(self, case):
        self.assertEqual(reference.check(case), [])

    def check_odoo(self, case):
        wanted = case["expect"].get("error")
        if wanted is None:
            self.assertEqual(reference.differences(case, self.distribute(case)), [])
            return
        try:
            with self.env.cr.savepoint():
                self.distribute(case)
        except (UserError, RedirectWarning, CaseError) as refusal:
            self.assertIn(wanted.lower(), str(refusal).lower())
        else:
            self.fail(f"Distributed, where an error about {wanted!r} was expected.")

    def distribute(self, case):
        """The case as a year in the books of a co-op, from members to a posted entry."""
        reference.read(case)  # what is no case is refused before it reaches the books
        self.enter_members(case)
        self.enter_surplus(case)
        self.enter_patronage(case)
        run = self._create_run(self.enter_scheme(case), case["period"]["start"], case["period"]["end"])
        run.action_compute()
        self.check_hash(case, run)
        self.check_weights(case, run)
        if run.surplus:
            self.post(run)
        return self.read_result(run)

    def enter_members(self, case):
        start = date.fromisoformat(case["period"]["start"])
        for code in case["classes"]:
            self._create_class(code)
        held = reference.holdings(case)
        self.members = {}
        for member in case["members"]:
            membership = self._create_member(member["code"], member["class"])
            self.members[member["code"]] = membership
            holding = held[member["code"]]
            self.pay_in(membership, start - timedelta(days=1), holding.opening)
            for day, amount in holding.moves:
                self.pay_in(membership, day, amount)

    def pay_in(self, membership, day, amount):
        if amount:
            self._pay_in(membership, day, float(amount))

    def enter_surplus(self, case):
        parts = case["surplus"]
        day = case["period"]["end"]
        for amount in parts.values() if isinstance(parts, dict) else [parts]:
            if parse(amount):
                self._earn(day, float(parse(amount)))

    def enter_patronage(self, case):
        self.bases = {}
        for line in case["scheme"]:
            basis = line.get("basis")
            if basis and basis not in self.bases:
                self.bases[basis] = self._create_basis(basis)
                self.import_patronage(case, basis)

    def import_patronage(self, case, basis):
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(["member", "date", "value"])
        amounts = {member["code"]: member.get("patronage", {}).get(basis, "0") for member in case["members"]}
        business = {code: amount for code, amount in amounts.items() if parse(amount) > 0}
        rows.writerows([code, case["period"]["end"], amount] for code, amount in business.items())
        if business:
            self._import(self.bases[basis], text.getvalue(), name=f"{basis}.csv")

    def enter_scheme(self, case):
        rounding = case["rounding"]
        scheme = self._create_scheme(
            *(self.line(record) for record in case["scheme"]),
            name=case["id"],
            rounding_unit=rounding["unit"],
            rounding_method=rounding["method"],
        )
        scheme.with_user(self.officer).action_put_into_force()
        return scheme

    def line(self, record):
        vals = {
            "code": record["code"],
            "kind": record["kind"],
            "percent": float(parse(record["percent"])),
            "of": record.get("of"),
            "classes": {code: float(parse(percent)) for code, percent in record.get("classes", {}).items()},
        }
        if record["kind"] == "patronage":
            vals["basis_id"] = self.bases[record["basis"]].id
        if record["kind"] == "capital":
            vals["capital_base"] = record.get("capital_base", "closing")
        return vals

    def check_hash(self, case, run):
        """The bytes that Odoo hashed are those that the engine writes, and give the same result."""
        data = run._get_canonical_bytes()
        self.assertEqual(run.hash, digest(data))
        self.assertEqual(data, to_bytes(reference.read(case)))
        offline = distribute(from_bytes(data))
        self.assertEqual(offline.members, self.read_result(run).members)

    def check_weights(self, case, run):
        for code, wanted in case["expect"].get("weights", {}).items():
            lines = run.share_ids.line_ids.filtered(lambda line, code=code: line.pool_id.code == code)
            given = {line.share_id.number: line.weight for line in lines}
            self.assertEqual(given, {member: float(text) for member, text in wanted.items() if parse(text)})

    def post(self, run):
        run.posting_date = date.fromisoformat(str(run.date_to)) + timedelta(days=60)
        self._approve(run)
        run.action_post()
        self.assertEqual(run.state, "posted")
        self.assertEqual(run.move_id.state, "posted")
        self.assertEqual(self._sum("undistributed", run.move_id), -run.surplus)
        self.assertEqual(self._sum("payable", run.move_id), sum(run.share_ids.mapped("amount")))

    def read_result(self, run):
        """The stored amounts as exact decimals, in the form that `differences` compares."""
        pools = self.fetch(
            "SELECT code, amount::text FROM kmp_shu_pool WHERE run_id = %s AND class_id IS NULL", run
        )
        splits = self.fetch(
            """SELECT pool.code, class.code, pool.amount::text FROM kmp_shu_pool pool
                 JOIN kmp_stakeholder_class class ON class.id = pool.class_id WHERE run_id = %s""",
            run,
        )
        parts = self.fetch(
            """SELECT share.number, pool.code, SUM(line.amount)::text
                 FROM kmp_shu_share share JOIN kmp_shu_share_line line ON line.share_id = share.id
                 JOIN kmp_shu_pool pool ON pool.id = line.pool_id
                WHERE share.run_id = %s GROUP BY 1, 2""",
            run,
        )
        totals = self.fetch("SELECT number, amount::text FROM kmp_shu_share WHERE run_id = %s", run)
        members = {number: {"total": Decimal(amount)} for number, amount in totals}
        for number, code, amount in parts:
            members[number][code] = Decimal(amount)
        class_pools = {}
        for code, class_code, amount in splits:
            class_pools.setdefault(code, {})[class_code] = Decimal(amount)
        return SimpleNamespace(
            pools={code: Decimal(amount) for code, amount in pools},
            class_pools=class_pools,
            members=members,
        )

    def fetch(self, query, run):
        return self.env.execute_query(SQL(query, run.id))


def _add_tests():
    for path in case_files():
        name = path.stem.replace("-", "_")
        for engine in ("engine", "odoo"):

            def test(self, path=path, engine=engine):
                case = json.loads(path.read_text(encoding="utf-8"))
                getattr(self, f"check_{engine}")(case)

            setattr(TestReferenceCases, f"test_{engine}_{path.parent.name}_{name}", test)


_add_tests()
