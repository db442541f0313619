{
    "name": "Co-operative Surplus: Till",
    "summary": "Counts till orders as business of members",
    "version": "19.0.1.0.0",
    "category": "Co-operative",
    "author": "KMP for Odoo contributors",
    "license": "AGPL-3",
    "depends": ["kmp_shu", "point_of_sale"],
    "auto_install": True,
    "data": ["security/ir.model.access.csv"],
}
