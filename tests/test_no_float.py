"""No float on the path of money: the code of the addons is read for what makes or rounds one.

Odoo's own fields are floats in Python. What is divided, allocated, taxed, paid or hashed is therefore
computed in PostgreSQL (`numeric`) or with exact integers, Decimals and Fractions; a float may only be
looked at. Each place that does is named here, with its reason.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# All code of the addons but their tests: amounts, and the votes and weights of meetings.
SOURCES = sorted(path for path in ROOT.glob("kmp_*/**/*.py") if "tests" not in path.relative_to(ROOT).parts)
SHOWN = "shown on the screen or in a message, never read back"
STORED = "an exact amount handed to Odoo's ORM, which stores it in the decimals of the currency"
ROUNDED = "a sum or rest of stored amounts, rounded to the currency at once: nothing is divided"
CHECKED = "compared with itself, rounded: an amount finer than the currency is refused"
SETTING = "a percentage or unit of the set-up, stored with its own decimals and read back as text"
LAYOUT = "a width on paper or in a picture"
EXACT = "no float: a path, or a division whose result is a Decimal"
#: (file, function): why a float there changes no amount that anybody is paid.
ALLOWED = {
    ("kmp_audit/models/audit_bundle.py", ""): EXACT,
    ("kmp_dashboard/models/dashboard_business.py", "_get_turnover_headline"): EXACT,
    ("kmp_meeting/models/meeting_quorum.py", "_prepare_quorum_values"): SHOWN,
    ("kmp_meeting/models/meeting_resolution_display.py", "_width"): SHOWN,
    ("kmp_meeting/tally/shares.py", "parse_share"): EXACT,
    ("kmp_meeting/tally/steps.py", "weight_steps"): EXACT,
    ("kmp_meeting/tally/weights.py", "common_factor"): EXACT,
    ("kmp_membership/controllers/portal_request.py", "_read_request_amount"): STORED,
    ("kmp_membership/import_rows.py", "_check_row"): EXACT,
    ("kmp_membership/models/contribution_run_entry.py", "_prepare_dues_entry"): ROUNDED,
    ("kmp_membership/models/contribution_run_totals.py", "_compute_totals"): SHOWN,
    ("kmp_membership/models/known_items.py", "_add_precomputed_values"): STORED,
    ("kmp_membership/models/known_items.py", "_prepare_known_item"): STORED,
    ("kmp_membership/models/member_request.py", "_check_deposit"): CHECKED,
    ("kmp_membership/models/membership_capital.py", "_compute_capital"): SHOWN,
    ("kmp_membership/models/membership_capital.py", "_compute_first_payment"): SHOWN,
    ("kmp_membership/models/membership_capital.py", "_open_new_operation"): STORED,
    ("kmp_membership/models/membership_import.py", "_compute_progress"): SHOWN,
    ("kmp_membership/models/membership_import_apply.py", "_prepare_opening_vals"): STORED,
    ("kmp_membership/models/membership_import_check.py", "_check_file"): SHOWN,
    ("kmp_membership/models/membership_import_check.py", "_describe_totals"): SHOWN,
    ("kmp_membership/models/share_operation.py", "_check_amount"): CHECKED,
    ("kmp_membership/models/share_operation_outflow.py", "_compute_holding"): SHOWN,
    ("kmp_membership/models/share_operation_redemption.py", "_get_redemption_lines"): ROUNDED,
    ("kmp_membership/models/share_term_billing.py", "ShareTerm"): SETTING,
    ("kmp_membership/models/share_type.py", "_compute_balance"): SHOWN,
    ("kmp_membership/models/share_type.py", "_format"): SHOWN,
    ("kmp_membership/report/document_xlsx.py", "__init__"): LAYOUT,
    ("kmp_membership/report/document_xlsx.py", "cell_number"): SHOWN,
    ("kmp_membership/report/pages.py", ""): LAYOUT,
    ("kmp_membership/report/pages.py", "letters"): LAYOUT,
    ("kmp_membership/report/pages.py", "row_height"): LAYOUT,
    ("kmp_membership/report/savings_book.py", "_get_widths"): LAYOUT,
    ("kmp_membership/wizard/contribution_payment.py", "_prepare_move_vals"): ROUNDED,
    ("kmp_membership/wizard/contribution_payment.py", "_split"): ROUNDED,
    ("kmp_membership_payment/controllers/portal.py", "_read_dues_amount"): CHECKED,
    ("kmp_membership_payment/controllers/portal.py", "_sign"): EXACT,
    ("kmp_membership_payment/controllers/portal.py", "dues_transaction"): EXACT,
    ("kmp_membership_payment/controllers/portal.py", "pay_dues"): ROUNDED,
    ("kmp_reports/models/market_comparison.py", "_get_benefit"): EXACT,
    ("kmp_reports/models/report_placeholders.py", "_change"): SHOWN,
    ("kmp_reports/report/chart.py", ""): LAYOUT,
    ("kmp_reports/report/chart.py", "_draw_bar"): LAYOUT,
    ("kmp_reports/report/chart.py", "_draw_chart"): LAYOUT,
    ("kmp_reports/report/page_numbers.py", "_draw_feet"): LAYOUT,
    ("kmp_reports/report/shu_distribution_print.py", "_prepare_bar"): LAYOUT,
    ("kmp_reports/report/shu_distribution_xlsx.py", "_set_up_print"): LAYOUT,
    ("kmp_reports/report/statutory_pages.py", ""): LAYOUT,
    ("kmp_reports/report/statutory_pages.py", "count_lines"): LAYOUT,
    ("kmp_reports/report/statutory_plan.py", "_get_row"): LAYOUT,
    ("kmp_reports/report/statutory_xlsx.py", "row_height"): LAYOUT,
    ("kmp_registry/report/statutory_modern.py", "_percent"): EXACT,
    ("kmp_reports/wizard/statement_account.py", "_prepare_lines"): SHOWN,
    ("kmp_shu/cli/kmp_import.py", "_print_totals"): SHOWN,
    ("kmp_shu/models/shu_loss.py", "_check_covered"): SHOWN,
    ("kmp_shu/models/shu_loss.py", "_update_amount"): STORED,
    ("kmp_shu/models/shu_loss_entry.py", "_check_reserves_suffice"): SHOWN,
    ("kmp_shu/models/shu_loss_entry.py", "_prepare_move_vals"): STORED,
    ("kmp_shu/models/shu_loss_line.py", "_split"): EXACT,
    ("kmp_shu/models/shu_payout_entry.py", "_prepare_payable_items"): STORED,
    ("kmp_shu/models/shu_payout_line.py", "_check_amount"): CHECKED,
    ("kmp_shu/models/shu_payout_offset.py", "_prepare_offset_items"): STORED,
    ("kmp_shu/models/shu_run.py", "_get_waterfall_bars"): SHOWN,
    ("kmp_shu/models/shu_run.py", "_prepare_waterfall_bar"): SHOWN,
    ("kmp_shu/models/shu_run_bundle.py", ""): EXACT,
    ("kmp_shu/models/shu_run_close.py", "action_close"): SHOWN,
    ("kmp_shu/models/shu_run_entry.py", "_prepare_line_vals"): STORED,
    ("kmp_shu/models/shu_run_payout.py", "_compute_payout_totals"): SHOWN,
    ("kmp_shu/models/shu_scheme_waterfall.py", "_get_bars"): SHOWN,
    ("kmp_shu/models/shu_scheme_waterfall.py", "_get_split_bars"): SHOWN,
    ("kmp_shu/presets.py", ""): SETTING,
}


def find_floats(tree):
    """`(function, line, what)` for every float literal, division and call that makes or rounds one."""
    found = []

    def visit(node, function):
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            function = node.name
        what = describe(node)
        if what:
            found.append((function, node.lineno, what))
        for child in ast.iter_child_nodes(node):
            visit(child, function)

    visit(tree, "")
    return found


def describe(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, float):
        return f"the literal {node.value}"
    if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
        return "a division"
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        if name in ("float", "round", "float_round"):
            return f"{name}()"
    return None


def floats_of(path):
    return find_floats(ast.parse(path.read_text(encoding="utf-8")))


def test_the_sources_are_found():
    names = {path.name for path in SOURCES}
    assert {
        "allocation.py",
        "waterfall.py",
        "shu_run_compute.py",
        "shu_payout.py",
        "share_operation.py",
    } <= names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_float(path):
    name = str(path.relative_to(ROOT))
    found = [each for each in floats_of(path) if (name, each[0]) not in ALLOWED]
    assert found == []


def test_what_is_allowed_is_still_there():
    there = {
        (str(path.relative_to(ROOT)), function) for path in SOURCES for function, *_what in floats_of(path)
    }
    assert sorted(set(ALLOWED) - there) == []


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("amount = 0.5 * total", "the literal 0.5"),
        ("amount = total / 3", "a division"),
        ("amount /= 3", "a division"),
        ("amount = float(total)", "float()"),
        ("amount = round(total, 2)", "round()"),
        ("amount = currency.round(total)", "round()"),
        ("amount = tools.float_round(total, 2)", "float_round()"),
    ],
)
def test_each_kind_is_found(code, what):
    assert [each[2] for each in find_floats(ast.parse(code))] == [what]


def test_exact_arithmetic_is_none():
    code = "amount = units * weight // total + Fraction(1, 3) + Decimal('0.5')"
    assert find_floats(ast.parse(code)) == []
