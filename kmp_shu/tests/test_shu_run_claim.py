from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from ..engine.canonical import from_bytes
from ..engine.waterfall import distribute
from .common import CooperativeCase


@tagged("post_install", "-at_install")
class TestShuRunClaim(CooperativeCase):
    """Rp1,000 of a year in which nobody did business: JU has 40 percent, and no member a weight in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_class("K")
        cls._create_class("L")
        cls.member = cls._create_member("A-1", "K")
        cls._pay_in(cls.member, "2024-12-31", 100)
        cls._earn("2025-12-31", 1000)
        cls.basis = cls._create_basis("SHOP")

    def create_run(self, **business):
        scheme = self._create_scheme(
            {"code": "SOS", "kind": "fund", "percent": 5},
            {"code": "R", "kind": "reserve", "percent": 20},
            {"code": "JU", "kind": "patronage", "percent": 40, "basis_id": self.basis.id, **business},
            {"code": "JM", "kind": "capital", "percent": 35},
        )
        scheme.with_user(self.officer).action_put_into_force()
        self.line = scheme.line_ids.filtered(lambda line: line.code == "JU")
        return self._create_run(scheme)

    def ask(self, run):
        """What the button of the refusal does."""
        with self.assertRaises(RedirectWarning) as caught, self.env.cr.savepoint():
            run.action_compute()
        message, action, button, context = caught.exception.args
        self.assertIn("no member has a weight in pool JU JU of 400", message)
        self.assertEqual(button, "Ask an officer to give it to R R")
        server_action = self.env["ir.actions.server"].with_user(self.accountant).browse(action)
        opened = server_action.with_context(**context).run()
        self.assertEqual(opened["res_id"], run.id)
        return run.condition_ids

    def decide(self, run, is_met):
        run.condition_ids.with_user(self.officer).write({"is_met": is_met, "note": "Minutes 7"})

    def pools(self, run):
        return {pool.code: pool.amount for pool in run.pool_ids}

    def test_an_officer_gives_it_to_the_reserve(self):
        run = self.create_run()
        condition = self.ask(run)
        self.assertEqual(
            (condition.condition, condition.excess_line_id.code), ("A member has a claim to it", "R")
        )
        with self.assertRaisesRegex(UserError, r"JU JU \(A member has a claim to it\)"):
            run.action_compute()
        self.decide(run, "no")
        run.action_compute()
        self.assertEqual(self.pools(run), {"SOS": 50, "R": 600, "JU": 0, "JM": 350})
        data = run._get_canonical_bytes()
        self.assertIn(b"\ncap\tJU\tcondition\t0\t\tR\n", data)
        self.assertEqual(distribute(from_bytes(data)).pools, self.pools(run))

    def test_who_has_a_claim_after_all_keeps_it(self):
        run = self.create_run()
        self.ask(run)
        self.decide(run, "no")
        self._import(self.basis, "member,date,value\nA-1,2025-05-05,1\n")
        with self.assertRaisesRegex(UserError, "members have a weight in it now"), self.env.cr.savepoint():
            run.action_compute()
        self.decide(run, "yes")
        run.action_compute()
        self.assertEqual(self.pools(run), {"SOS": 50, "R": 200, "JU": 400, "JM": 350})

    def test_the_part_of_one_class_is_not_offered(self):
        """What the by-laws give a class that did no business goes to nobody else but by other by-laws."""
        self._import(self.basis, "member,date,value\nA-1,2025-05-05,1\n")
        run = self.create_run(classes={"K": 50, "L": 50})
        with self.assertRaisesRegex(UserError, "no member has a weight in pool JU Class L of 200"):
            run.action_compute()

    def test_who_may_ask_and_for_what(self):
        run = self.create_run()
        for user in (self.officer, self.auditor, self.clerk):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                run.with_user(user).action_ask_for_claim(self.line.id)
        reserve = run.scheme_id.line_ids.filtered(lambda line: line.code == "R")
        other = self._create_scheme({"code": "JM", "kind": "capital", "percent": 100}).line_ids
        for line in (reserve, other):
            with self.assertRaisesRegex(UserError, "nothing to decide"), self.env.cr.savepoint():
                run.action_ask_for_claim(line.id)
        run.action_ask_for_claim(self.line.id)
        with self.assertRaisesRegex(UserError, "nothing to decide"):
            run.action_ask_for_claim(self.line.id)
        for user in (self.accountant, self.auditor):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                run.condition_ids.with_user(user).write({"is_met": "no", "note": "x"})
