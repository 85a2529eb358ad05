"""Commands by subject, imported by ``cli.py``: none of them imports anything slow before it is called."""
