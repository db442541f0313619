"""Sentences for users: English here, and in another language where somebody translates them."""


class Message(str):
    """An English sentence that remembers its template and values, for a translator to use."""

    __slots__ = ("template", "values")


def _(template, **values):
    """The sentence of a %-template, named as translation tools expect it."""
    message = Message(template % values)
    message.template, message.values = template, values
    return message
