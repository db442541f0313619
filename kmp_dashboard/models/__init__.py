from . import dashboard, dashboard_business, dashboard_dates, dashboard_members
