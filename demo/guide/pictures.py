"""What the guide shows, one line a picture.

Name, who looks, address (``{names}`` are those of ``village.build``; below ``/odoo/`` unless it begins with a slash), what to press on the
way, what must be there.
"""

from typing import NamedTuple


class Picture(NamedTuple):
    name: str
    role: str
    address: str
    press: tuple = ()  # selectors, in turn
    wait: str = ".o_view_controller"
    height: int = 720
    width: int = 1200


WATERFALL = (".o_notebook .nav-link[name=waterfall]",)
FORM, LIST = ".o_form_view .o_form_sheet", ".o_list_view .o_data_row"
DIALOG = ".modal .o_form_view"
PHONE = 390

PICTURES = (
    # the officer's day
    Picture("dashboard", "officer", "co-operative-dashboard", wait="section[name=arrears] h3", height=900),
    Picture("members", "officer", "members", wait=LIST),
    Picture("application", "clerk", "applications/{applicant}", wait=FORM),
    Picture("approve", "officer", "applications/{applicant}", ("button[name=action_approve]",), DIALOG),
    Picture("member", "officer", "members/{member}", wait=FORM),
    Picture("deposit", "officer", "share-operations/{deposit}", wait=FORM),
    Picture("statement", "officer", "members/{member}", ("button[name=action_open_statement]",), LIST),
    Picture("leave", "officer", "members/{investor}", ("button[name=action_leave]",), DIALOG),
    Picture("redemption", "officer", "share-operations/{redemption}", wait=FORM),
    Picture("dues-prepared", "officer", "dues-runs/{prepared}", wait=FORM),
    Picture("dues-billed", "officer", "dues-runs/{billed}", wait=FORM),
    Picture("arrears", "officer", "dues-arrears", wait=LIST),
    Picture("portal", "member", "/my/membership/{mine}", wait="#kmp_cards", height=844, width=PHONE),
    Picture("register", "officer", "action-kmp_membership.member_register_action", wait=DIALOG),
    Picture(
        "simkopdes",
        "officer",
        "action-kmp_registry.simkopdes_export_action",
        ("button[name=action_check]",),
        ".modal .o_data_row",
        900,
    ),
    Picture(
        "meeting", "officer", "meetings/{meeting}", (".nav-link[name=attendance]",), ".kmp_quorum", height=900
    ),
    Picture("tally", "officer", "resolutions/{decided}", wait=".kmp_tally", height=800),
    Picture(
        "put-to-the-meeting",
        "officer",
        "action-kmp_shu.shu_run_action/{computed}",
        ("button[name=action_put_to_meeting]",),
        DIALOG,
    ),
    Picture("vote", "member", "/my/meeting/{meeting}", wait=".kmp_vote", height=844, width=PHONE),
    # the accountant's set-up and year
    Picture("assistant", "officer", "action-kmp_membership.setup_assistant_action", wait=DIALOG, height=900),
    Picture(
        "settings",
        "administrator",
        "action-kmp_membership.res_config_settings_action",
        wait=".settings",
        height=900,
    ),
    Picture("terms", "officer", "action-kmp_membership.share_term_action", wait=LIST),
    Picture(
        "scheme", "treasurer", "action-kmp_shu.shu_scheme_action", (LIST + " td.o_data_cell",), FORM, 900
    ),
    Picture("business", "treasurer", "action-kmp_shu.patronage_import_action", wait=LIST, height=480),
    Picture(
        "year-computed",
        "treasurer",
        "action-kmp_shu.shu_run_action/{computed}",
        press=WATERFALL,
        wait="[name=waterfall] svg rect",
        height=900,
    ),
    Picture(
        "year-approve",
        "officer",
        "action-kmp_shu.shu_run_action/{computed}",
        wait="button[name=action_approve]",
    ),
    Picture(
        "year-posted",
        "treasurer",
        "action-kmp_shu.shu_run_action/{posted}",
        press=WATERFALL,
        wait="[name=waterfall] svg rect",
        height=900,
    ),
    Picture(
        "shares",
        "treasurer",
        "action-kmp_shu.shu_run_action/{posted}",
        ("button[name=action_open_shares]",),
        LIST,
    ),
    Picture("annual-report", "officer", "annual-reports/{annual_report}", wait=FORM, height=900),
    Picture("payout", "officer", "shu-payouts/{payout}", wait=FORM),
    Picture(
        "financial-statement",
        "treasurer",
        "action-kmp_reports.statement_action",
        (".modal button[name=action_open]",),
        ".oe_mis_builder_content .mis_builder_drilldown",
        900,
    ),
    # what the auditor looks at
    Picture(
        "ledger",
        "auditor",
        "share-ledger",
        wait=".o_list_view .o_data_row, .o_list_view .o_group_header, .o_pivot",
    ),
    Picture("steps", "auditor", "action-kmp_membership.membership_step_action", wait=LIST),
    Picture(
        "year-audit",
        "auditor",
        "action-kmp_shu.shu_run_action/{posted}",
        press=WATERFALL,
        wait="[name=waterfall] svg rect",
        height=900,
    ),
    Picture("tie-outs", "auditor", "audits/{audit}", wait=LIST, height=900),
    Picture("sample", "auditor", "action-kmp_audit.audit_sample_action/{sample}", wait=LIST, height=800),
)
