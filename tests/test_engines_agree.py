"""Random years through Odoo's SQL, the plain engine and the verifier: the same amounts, the same hash, computed once or twice,
and nothing is left in the ledger of what is reversed."""

import io
import itertools
from collections import Counter
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.kmp_shu.engine.bundle import Bundle
from odoo.addons.kmp_shu.engine.canonical import digest, from_bytes
from odoo.addons.kmp_shu.engine.waterfall import distribute
from odoo.addons.kmp_shu.tests.common import CooperativeCase

NUMBERS = ("10", "9", "A-1", "a-1", "é")
CLASSES = ("K1", "K2")
EXAMPLES = 30


@st.composite
def parts(draw, count):
    """`count` percentages with six decimals that sum to 100; some may be zero."""
    cuts = sorted(draw(st.lists(st.integers(0, 10**8), min_size=count - 1, max_size=count - 1)))
    edges = [0, *cuts, 10**8]
    return [Decimal(after - before) / 10**6 for before, after in itertools.pairwise(edges)]


@st.composite
def years(draw):
    top, inside = draw(parts(4)), draw(parts(2))
    split = st.one_of(st.none(), parts(len(CLASSES)))
    return {
        "surplus": draw(st.integers(0, 10**12)),
        "unit": draw(st.sampled_from(["0.01", "1", "100"])),
        "method": draw(st.sampled_from(["largest_remainder", "truncate"])),
        "top": top,
        "inside": inside,
        "capital_base": draw(st.sampled_from(["closing", "average", "day_weighted"])),
        "splits": [draw(split), draw(split)],
        "opening": draw(st.lists(st.integers(0, 10**9), min_size=5, max_size=5)),
        "paid": draw(st.lists(st.integers(0, 10**6), min_size=5, max_size=5)),
        "days": draw(st.lists(st.integers(1, 28), min_size=5, max_size=5)),
        "business": draw(st.lists(st.integers(0, 10**9), min_size=5, max_size=5)),
        "bounds": draw(bounds()),
        "tax": draw(st.one_of(st.none(), taxes())),
        "divided": draw(st.one_of(st.none(), divisions())),
        "policy": draw(st.sampled_from(["document_date", "pro_rata", "exclude_leavers"])),
    }


@st.composite
def divisions(draw):
    """How the surplus is divided into the members' part and the others': by which key, and what of each part the members get."""
    return {
        "key": draw(st.sampled_from(["turnover", "margin", "fixed"])),
        "percent": draw(LIMITS),
        "member": draw(parts(3)),
        "non_member": draw(parts(2)),
    }


LIMITS = st.integers(0, 60 * 10**6).map(lambda millionths: millionths / 10**6)


@st.composite
def bounds(draw):
    """Values of the lines by code: floors, caps of every measure, a condition that was not met."""
    found = {}
    if draw(st.booleans()):
        found["R"] = {"floor_percent": draw(LIMITS)}
    if draw(st.booleans()):
        found["F"] = {"condition": "Targets met", "excess": "R"}
    if draw(st.booleans()):
        excess = draw(st.sampled_from(["", "R"]))
        found["JU2"] = {
            "cap_measure": draw(st.sampled_from(["surplus", "weight"])),
            "cap_value": draw(LIMITS),
        }
        found["JU2"] |= {"excess": excess} if excess else {}
    if draw(st.booleans()):
        found["JU"] = {
            "cap_measure": "rate",
            "cap_value": draw(LIMITS),
            "reference": "JM",
            "excess": "REST",
        }
    return found


@st.composite
def taxes(draw):
    return {
        "tax_percent": draw(LIMITS.filter(bool)),
        "tax_base": draw(st.sampled_from(["all", "capital", "patronage"])),
        "tax_exempt": draw(st.sampled_from([0, 240000, 10**9])),
    }


@tagged("post_install", "-at_install")
class TestEnginesAgree(CooperativeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in CLASSES:
            cls._create_class(code)
        cls.members = [cls._create_member(number, CLASSES[place % 2]) for place, number in enumerate(NUMBERS)]
        cls.basis = cls._create_basis("SHOP")

    @settings(max_examples=EXAMPLES)
    @given(year=years())
    def test_any_year(self, year):
        savepoint = self.env.cr.savepoint()
        try:
            self.check(year)
        finally:
            savepoint.rollback()
            self.env.invalidate_all()

    def check(self, year):
        self.enter(year)
        scheme = self.enter_divided_scheme(year) if year["divided"] else self.enter_scheme(year)
        run = self._create_run(scheme)
        self._acknowledge(run, "cost_missing")
        run.with_user(self.officer).condition_ids.write({"is_met": "no", "note": "Minutes 7"})
        if not self.compute(run):
            return  # the engine cannot be asked: there are no bytes of a run that was refused
        data = run._get_canonical_bytes()
        offline = distribute(from_bytes(data))
        self.assertEqual(run.hash, digest(data))
        self.assertEqual(self.read_members(run), offline.members)
        self.assertEqual(self.read_pools(run), offline.pools)
        self.assertEqual(self.read_residual(run), offline.residual_total)
        nets = {number: (offline.taxes.get(number, 0), offline.net(number)) for number in offline.members}
        self.assertEqual(self.read_nets(run), nets)
        self.check_twice(run)
        if run.surplus:
            self.check_posted(run)

    def compute(self, run):
        """Whether the year can be divided; a line that nobody has a claim to goes to the reserve that is offered."""
        for _line in run.scheme_id.line_ids:
            try:
                with self.env.cr.savepoint():
                    run.action_compute()
                return True
            except RedirectWarning as offer:
                run.action_ask_for_claim(offer.args[3]["kmp_line_id"])
                run.with_user(self.officer).condition_ids.write({"is_met": "no", "note": "Minutes 7"})
            except UserError as refusal:
                self.assertRegex(str(refusal), "no member has a weight|Lower a floor")
                return False
        raise AssertionError("more refusals than lines")

    def check_twice(self, run):
        """Computed again from the same books: the same hash, the same shares."""
        before = run.hash, self.read_members(run)
        run.action_compute()
        self.assertEqual((run.hash, self.read_members(run)), before)

    def check_posted(self, run):
        """The verifier agrees with what was posted; what is reversed leaves nothing, and is reversed once."""
        run.posting_date = "2026-03-15"
        self._approve(run)
        run.action_post()
        file = io.BytesIO()
        run.with_user(self.auditor)._write_bundle(file)
        checks = [what for what, _detail in Bundle(file).verify(run.hash, run.proof_root)]
        self.assertIn("entry", checks)
        run.action_reverse()
        left = Counter()
        for item in (run.move_id | run.reversal_move_id).line_ids:
            left[item.account_id, item.partner_id] += Decimal(str(item.balance))
        self.assertEqual(set(left.values()), {0})
        with self.assertRaisesRegex(UserError, "is reversed"):
            run.action_reverse()

    def enter(self, year):
        rows = ["member,date,value"]
        for place, membership in enumerate(self.members):
            for day, amounts in (("2024-12-31", "opening"), (f"2025-06-{year['days'][place]:02}", "paid")):
                if year[amounts][place]:
                    self._pay_in(membership, day, year[amounts][place])
            rows.append(f"{membership.number},2025-05-05,{year['business'][place]}")
        self._import(self.basis, "\n".join(rows))
        # Where the parts are divided, what members bought was earned, and the rest is the others': no part is a loss.
        income = year["surplus"] + (sum(year["business"]) if year["divided"] else 0)
        if income:
            self._earn("2025-12-31", income)

    def enter_scheme(self, year):
        capital, patronage = ({} if split is None else self.split(split) for split in year["splits"])
        reserve, fund, group, rest = map(float, year["top"])
        scheme = self.create_bounded_scheme(
            year["bounds"],
            {"code": "R", "kind": "reserve", "percent": reserve},
            {"code": "M", "kind": "group", "percent": group},
            {
                "code": "JM",
                "kind": "capital",
                "percent": float(year["inside"][0]),
                "of": "M",
                "capital_base": year["capital_base"],
                "classes": capital,
            },
            {
                "code": "JU",
                "kind": "patronage",
                "percent": float(year["inside"][1]),
                "of": "M",
                "basis_id": self.basis.id,
                "classes": patronage,
            },
            {"code": "REST", "kind": "fund", "percent": 0, "of": "M"},
            {"code": "F", "kind": "fund", "percent": fund},
            {"code": "JU2", "kind": "patronage", "percent": rest, "basis_id": self.basis.id},
            rounding_unit=year["unit"],
            rounding_method=year["method"],
            membership_policy=year["policy"],
            **(year["tax"] or {}),
        )
        scheme.with_user(self.officer).action_put_into_force()
        return scheme

    def enter_divided_scheme(self, year):
        """The members' part to the reserve, by capital and by business; of the others' part some reaches the members, too."""
        division = year["divided"]
        self.company.write(
            {"shu_common_cost_key": division["key"], "shu_common_cost_percent": float(division["percent"])}
        )
        self.basis.is_participation = True
        capital, patronage = ({} if split is None else self.split(split) for split in year["splits"])
        own, by_capital, by_business = map(float, division["member"])
        kept, shared = map(float, division["non_member"])
        scheme = self._create_scheme(
            {"code": "R", "kind": "reserve", "percent": own, "surplus_part": "member"},
            {
                "code": "JM",
                "kind": "capital",
                "percent": by_capital,
                "surplus_part": "member",
                "capital_base": year["capital_base"],
                "classes": capital,
            },
            {
                "code": "JU",
                "kind": "patronage",
                "percent": by_business,
                "surplus_part": "member",
                "basis_id": self.basis.id,
                "classes": patronage,
            },
            {"code": "F", "kind": "fund", "percent": kept, "surplus_part": "non_member"},
            {
                "code": "JU2",
                "kind": "patronage",
                "percent": shared,
                "surplus_part": "non_member",
                "basis_id": self.basis.id,
            },
            rounding_unit=year["unit"],
            rounding_method=year["method"],
            membership_policy=year["policy"],
            members_share_non_member=True,
            **(year["tax"] or {}),
        )
        scheme.with_user(self.officer).action_put_into_force()
        return scheme

    def create_bounded_scheme(self, limits, *lines, **vals):
        """A cap among siblings needs one with a percentage that takes the rest: R has one, then."""
        if not lines[0]["percent"]:
            limits = {code: limit for code, limit in limits.items() if "excess" in limit or code == "R"}
        scheme = self._create_scheme(*lines, **vals)
        by_code = {line.code: line for line in scheme.line_ids}
        for code, limit in limits.items():
            links = {"excess_line_id": "excess", "cap_reference_id": "reference"}
            linked = {name: by_code[limit[key]].id for name, key in links.items() if key in limit}
            plain = {name: value for name, value in limit.items() if name not in links.values()}
            by_code[code].write(plain | linked)
        return scheme

    def split(self, percents):
        return dict(zip(CLASSES, map(float, percents), strict=True))

    def read_members(self, run):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT share.number, pool.code, SUM(line.amount)::text, share.amount::text
                  FROM kmp_shu_share share JOIN kmp_shu_share_line line ON line.share_id = share.id
                  JOIN kmp_shu_pool pool ON pool.id = line.pool_id
                 WHERE share.run_id = %s GROUP BY share.number, pool.code, share.amount
                """,
                run.id,
            )
        )
        members = {}
        for number, code, amount, total in rows:
            members.setdefault(number, {"total": Decimal(total)})[code] = Decimal(amount)
        return members

    def read_nets(self, run):
        rows = self.env.execute_query(
            SQL(
                "SELECT number, tax_amount::text, net_amount::text FROM kmp_shu_share WHERE run_id = %s",
                run.id,
            )
        )
        return {number: (Decimal(tax), Decimal(net)) for number, tax, net in rows}

    def read_pools(self, run):
        rows = self.env.execute_query(
            SQL("SELECT code, amount::text FROM kmp_shu_pool WHERE run_id = %s AND class_id IS NULL", run.id)
        )
        return {code: Decimal(amount) for code, amount in rows}

    def read_residual(self, run):
        [[text]] = self.env.execute_query(SQL("SELECT residual::text FROM kmp_shu_run WHERE id = %s", run.id))
        return Decimal(text)
