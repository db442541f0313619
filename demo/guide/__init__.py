"""The pictures of the guide, taken from the running product: ``python -m demo.guide``.

``village.py`` makes a small co-op with a year behind it, ``pictures.py`` says what to look at, ``camera.py`` looks.
"""
