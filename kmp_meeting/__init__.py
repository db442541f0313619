from . import controllers, models, wizard, report
