from psycopg2.errors import ExclusionViolation

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.canonical import digest, from_bytes
from ..engine.waterfall import distribute
from .common import CooperativeCase


class ShuRunCase(CooperativeCase):
    """Two members, Rp1,001 to share: half by capital (1 : 2), half by business (3 : 1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_class("K")
        cls.first = cls._create_member("A-1", "K")
        cls.second = cls._create_member("A-2", "K")
        cls._pay_in(cls.first, "2024-05-01", 100)
        cls._pay_in(cls.second, "2024-05-01", 200)
        cls.basis = cls._create_basis("SHOP")
        cls.scheme = cls._create_scheme(
            {"code": "R", "kind": "reserve", "percent": 20},
            {"code": "E", "kind": "fund", "percent": 10},
            {"code": "M", "kind": "group", "percent": 70},
            {"code": "JM", "kind": "capital", "percent": 50, "of": "M"},
            {"code": "JU", "kind": "patronage", "percent": 50, "of": "M", "basis_id": cls.basis.id},
        )
        cls.scheme.with_user(cls.officer).action_put_into_force()

    def setUp(self):
        super().setUp()
        self._import(self.basis, "member,date,value\nA-1,2025-05-05,300\nA-2,2025-05-05,100\n")

    def compute(self, surplus=1001):
        self._earn("2025-12-31", surplus)
        run = self._create_run(self.scheme, posting_date="2026-03-01")
        run.action_compute()
        return run

    def shares(self, run):
        return {
            share.number: (share.capital_amount, share.patronage_amount, share.amount)
            for share in run.share_ids
        }


@tagged("post_install", "-at_install")
class TestShuRun(ShuRunCase):
    def test_amounts_of_every_node(self):
        run = self.compute()
        # 200.2, 100.1 and 700.7: the missing unit goes to the largest remainder
        pools = {pool.code: pool.amount for pool in run.pool_ids}
        self.assertEqual(pools, {"R": 200, "E": 100, "M": 701, "JM": 351, "JU": 350})
        # 117 and 234; 262.5 and 87.5: a tie, the lower number first
        self.assertEqual(self.shares(run), {"A-1": (117, 263, 380), "A-2": (234, 87, 321)})
        self.assertEqual((run.surplus, run.distributed, run.residual), (1001, 701, 0))
        self.assertEqual((run.member_count, run.computed_by_id), (2, self.accountant))

    def test_who_has_a_share_stays(self):
        """No foreign key says so, see `kmp.shu.share`."""
        run = self.compute()
        with self.assertRaisesRegex(UserError, f"Class K has shares in {run.name}"):
            self.classes["K"].with_user(self.officer).unlink()
        with self.assertRaisesRegex(UserError, "A-1.* has a share in"):
            self.first.with_user(self.officer)._unlink_if_without_share()
        run.with_user(self.accountant).action_reset_to_draft()
        self.first.with_user(self.officer)._unlink_if_without_share()

    def test_a_deleted_run_takes_its_shares_with_it(self):
        run = self.compute()
        shares, lines = run.sudo().share_ids, run.sudo().share_ids.line_ids
        self.assertEqual((len(shares), len(lines)), (2, 4))
        run.unlink()
        self.assertFalse(shares.exists() or lines.exists())

    def test_the_plain_engine_reaches_the_same_from_the_bytes(self):
        run = self.compute()
        data = run._get_canonical_bytes()
        self.assertEqual(digest(data), run.hash)
        offline = distribute(from_bytes(data))
        self.assertEqual(
            {number: (parts["JM"], parts["JU"], parts["total"]) for number, parts in offline.members.items()},
            self.shares(run),
        )

    def test_same_inputs_same_hash_and_other_inputs_another(self):
        run = self.compute()
        first = run.hash
        run.action_compute()
        self.assertEqual(run.hash, first)
        self.assertEqual(len(run.share_ids), 2)
        self._pay_in(self.first, "2025-12-31", 1)
        run.action_compute()
        self.assertNotEqual(run.hash, first)

    def test_more_members_take_no_more_queries(self):
        run = self.compute()

        def count_queries():
            run.action_compute()
            before = self.env.cr.sql_log_count
            run.action_compute()
            return self.env.cr.sql_log_count - before

        few = count_queries()
        for number in range(10):
            self._pay_in(self._create_member(f"B-{number}", "K"), "2024-05-01", 100)
        # A query that goes with a cache may come or go, but none per member.
        self.assertLess(abs(count_queries() - few), 5)
        self.assertEqual(run.member_count, 12)

    def test_a_share_type_that_does_not_count_gives_no_weight(self):
        self.share_type.counts_for_capital_base = False
        with self.assertRaisesRegex(UserError, "no member has a weight in pool JM"):
            self.compute()

    def test_a_loss_is_refused_and_leaves_nothing(self):
        self._earn("2025-12-31", 1001)
        run = self._create_run(self.scheme)
        self._post("2025-12-31", ("wages", 1500, None), ("cash", -1500, None))
        with (
            self.assertRaisesRegex(RedirectWarning, "SHU 2025.*negative.*loss of 499"),
            self.env.cr.savepoint(),
        ):
            run.action_compute()
        run.invalidate_recordset()
        self.assertEqual((run.state, run.surplus, len(run.pool_ids)), ("draft", 0, 0))

    def test_a_pool_without_weights_is_refused_by_name(self):
        self.env["kmp.patronage.import"].search([("basis_ids", "in", self.basis.ids)]).unlink()
        with self.assertRaisesRegex(UserError, "weight in pool JU"), self.env.cr.savepoint():
            self.compute()
        self.assertFalse(self.env["kmp.shu.share"].search([("company_id", "=", self.company.id)]))

    def test_a_scheme_of_another_time_is_refused(self):
        self._earn("2026-12-31", 1001)
        run = self._create_run(self.scheme, "2026-01-01", "2026-12-31")
        self.scheme.date_to = "2025-12-31"
        with self.assertRaisesRegex(UserError, "By-laws is not in force"):
            run.action_compute()

    def test_a_name_that_nobody_chose_follows_the_year(self):
        run = self._create_run(self.scheme)
        run.write({"date_from": "2024-01-01", "date_to": "2024-12-31"})
        self.assertEqual(run.name, "SHU 2024")
        run.write({"name": "Pembagian kedua", "date_to": "2025-01-31"})
        self.assertEqual(run.name, "Pembagian kedua")

    def test_one_live_run_per_company_and_year(self):
        self.compute()
        with self.assertRaisesRegex(UserError, "Koperasi Uji already has .* SHU 2025"):
            self._create_run(self.scheme, "2025-07-01", "2026-06-30")
        later = self._create_run(self.scheme, "2026-01-01", "2026-12-31")
        with self.assertRaises(ExclusionViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            later.date_from = "2025-12-31"
            later.flush_recordset()

    def test_four_eyes(self):
        run = self.compute()
        run.resolution = "07/RAT/2026"
        self.accountant.group_ids += self.env.ref("kmp_membership.group_officer")
        with self.assertRaisesRegex(UserError, "computed by you"):
            run.action_approve()
        run.with_user(self.officer).action_approve()
        self.assertEqual((run.approved_by_id, run.approved_hash), (self.officer, run.hash))

    def test_approval_takes_a_resolution(self):
        run = self.compute()
        with self.assertRaisesRegex(UserError, "no resolution"):
            run.with_user(self.officer).action_approve()

    def test_steps_in_the_wrong_order_are_refused(self):
        run = self.compute()
        for step in (run.action_post, run.action_reverse):
            with self.assertRaisesRegex(UserError, "SHU 2025 is computed"):
                step()
        self._approve(run)
        with self.assertRaisesRegex(UserError, "is approved"):
            run.action_compute()
        with self.assertRaisesRegex(UserError, "is approved"):
            run.with_user(self.officer).action_approve()

    def test_who_may_not(self):
        run = self.compute()
        for user, steps in (
            (self.officer, ("action_compute", "action_post", "action_reverse", "action_reset_to_draft")),
            (self.accountant, ("action_approve",)),
            (self.auditor, ("action_compute", "action_approve", "action_post", "action_reverse")),
        ):
            for step in steps:
                with self.assertRaises(AccessError, msg=f"{user.name} {step}"):
                    getattr(run.with_user(user), step)()

    def test_nobody_writes_a_result_by_hand(self):
        run = self.compute()
        for vals in (
            {"state": "posted"},
            {"hash": "0" * 64},
            {"surplus": 1},
            {"approved_by_id": self.officer.id},
            {"scheme_id": self.scheme.copy().id},
            {"date_to": "2025-12-30"},
        ):
            with self.assertRaises(UserError, msg=vals):
                run.write(vals)
        with self.assertRaises(UserError):
            self._create_run(self.scheme, "2024-01-01", "2024-12-31", state="posted")
        with self.assertRaises(UserError):
            run.with_context(kmp_seal=True).write({"state": "posted"})
        for record in (run.share_ids[0], run.pool_ids[0], run.share_ids.line_ids[0]):
            with self.assertRaises(AccessError):
                record.with_user(self.accountant).write({"amount": 1})

    def test_another_company_sees_nothing(self):
        run = self.compute()
        other = self._create_company("Another")
        stranger = self._create_user("stranger", "kmp_shu.group_shu_accountant", other)
        for record in (run, run.share_ids[0], run.share_ids.line_ids[0], run.pool_ids[0], self.scheme):
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["id", "display_name"])
        with self.assertRaises(AccessError):
            run.with_user(stranger).action_compute()

    def test_the_auditor_reads_all(self):
        run = self.compute().with_user(self.auditor)
        self.assertEqual(run.share_ids.line_ids.pool_id.mapped("code"), ["JM", "JU"])
        self.assertIn("<svg", run.waterfall)

    def test_documents_behind_a_share(self):
        run = self.compute()
        share = run.share_ids.filtered(lambda share: share.number == "A-1").with_user(self.auditor)
        line = share.line_ids.filtered(lambda line: line.pool_id.code == "JU")
        action = line.action_open_documents()
        entries = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(entries.mapped("value"), [300])
        self.assertEqual(sum(entries.mapped("value")), line.weight)

    def test_reset_drops_the_result(self):
        run = self.compute()
        run.action_reset_to_draft()
        self.assertEqual((run.state, run.hash, len(run.pool_ids), len(run.share_ids)), ("draft", False, 0, 0))
