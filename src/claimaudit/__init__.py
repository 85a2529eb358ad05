"""claimaudit: the claims of a text, tested by code against cited evidence.

Data flows one way: ``data/`` -> dossier -> analysis -> verdict -> show -> notebook -> report.
"""

__version__ = "0.1.0"
