{
    "name": "Co-operative Membership: Dues Paid Online",
    "summary": "Members pay their open dues in the portal, through Odoo's payment providers",
    "version": "19.0.1.0.0",
    "category": "Co-operative",
    "license": "AGPL-3",
    "author": "KMP for Odoo contributors",
    "depends": ["kmp_membership", "account_payment"],
    "data": ["views/portal_templates.xml", "views/payment_transaction_views.xml"],
    "auto_install": True,
}
