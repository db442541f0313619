from . import test_dues_payment
