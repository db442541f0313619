{
    "name": "Co-operative Surplus: Timesheets",
    "summary": "Counts hours worked as business of members",
    "version": "19.0.1.0.0",
    "category": "Co-operative",
    "author": "KMP for Odoo contributors",
    "license": "AGPL-3",
    "depends": ["kmp_shu", "hr_timesheet"],
    "auto_install": True,
}
