{
    "name": "Co-operative Dashboard",
    "summary": "What the board looks at: members, capital, turnover, surplus, dues in arrears and the legal dates",
    "version": "19.0.1.0.0",
    "category": "Co-operative",
    "author": "KMP for Odoo contributors",
    "license": "AGPL-3",
    "depends": ["kmp_reports", "kmp_meeting"],
    "data": ["views/menus.xml"],
    "assets": {"web.assets_backend": ["kmp_dashboard/static/src/**/*"]},
}
