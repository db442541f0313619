{
    "name": "Co-operative Reports",
    "summary": "What the members' meeting and the auditor read: the surplus distribution, tied to the ledger",
    "version": "19.0.1.0.0",
    "category": "Co-operative",
    "author": "KMP for Odoo contributors",
    "license": "AGPL-3",
    "depends": ["kmp_shu", "mis_builder_budget", "report_xlsx"],
    "data": [
        "security/ir.model.access.csv",
        "security/funding_rules.xml",
        "report/print_layout_templates.xml",
        "report/shu_distribution_templates.xml",
        "report/shu_distribution_actions.xml",
        "views/shu_run_views.xml",
        "views/funding_views.xml",
        "views/menus.xml",
    ],
}
