"""Sentences for users: English here, and in another language where somebody translates them."""


class Message(str):
    """An English sentence that remembers its template and values, for a translator to use."""

    __slots__ = ("template", "values")


def _(template, **values):
    """The sentence of a %-template, named as translation tools expect it."""
    message = Message(template % values)
    message.template, message.values = template, values
    return message


class TallyError(ValueError):
    """Votes or rules that cannot be counted: ``errors`` lists the reasons, one sentence or two each."""

    def __init__(self, errors):
        self.errors = [errors] if isinstance(errors, str) else list(errors)
        super().__init__("\n".join(self.errors))


def refuse(errors):
    """Raise what there is to say, if there is anything."""
    if errors:
        raise TallyError(errors)
