{
    "name": "Co-operative Registry",
    "summary": "What the registry and the ministry ask for: SIMKOPDES files, the yearly data, indicators of a modern co-operative",
    "version": "19.0.1.0.0",
    "category": "Co-operative",
    "author": "KMP for Odoo contributors",
    "license": "AGPL-3",
    "depends": ["kmp_reports", "kmp_meeting"],
    "data": [
        "security/ir.model.access.csv",
        "views/res_partner_views.xml",
        "views/membership_views.xml",
        "wizard/simkopdes_export_views.xml",
        "wizard/statutory_wizard_views.xml",
        "views/menus.xml",
    ],
}
