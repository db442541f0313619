"""What the engine raises. Everything here is a ValueError: wrong data, told to the user."""


class DistributionError(ValueError):
    """A surplus that must not be shared: ``errors`` lists the reasons, one sentence or two each."""

    def __init__(self, errors):
        self.errors = [errors] if isinstance(errors, str) else list(errors)
        super().__init__("\n".join(self.errors))


class CanonicalError(ValueError):
    """Inputs without a canonical form, or bytes that are not one."""


class CaseError(ValueError):
    """A reference case that cannot be read."""
