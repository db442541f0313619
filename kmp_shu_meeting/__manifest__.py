{
    "name": "Co-operative Surplus: Meetings",
    "summary": "Surplus, losses and schemes take effect by a resolution of the members' meeting that names their hash",
    "version": "19.0.1.0.0",
    "category": "Co-operative",
    "author": "KMP for Odoo contributors",
    "license": "AGPL-3",
    "depends": ["kmp_shu", "kmp_meeting"],
    "data": [
        "views/shu_run_views.xml",
        "views/shu_scheme_views.xml",
        "views/shu_loss_views.xml",
    ],
    "auto_install": True,
}
