{
    "name": "Co-operative Membership: Point of Sale",
    "summary": "A till order of a membership ticket makes the customer a member",
    "version": "19.0.1.0.0",
    "category": "Co-operative",
    "license": "AGPL-3",
    "author": "KMP for Odoo contributors",
    "depends": ["kmp_membership", "point_of_sale"],
    "data": ["views/ticket_views.xml"],
    "auto_install": True,
}
