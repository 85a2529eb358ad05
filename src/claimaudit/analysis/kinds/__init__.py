"""Kinds of test as pure functions: from the rows of a part, as they are heard, to findings. ``table.py`` lists them."""
