"""claimaudit: the claims of one article, tested by code against cited evidence.

Data flows one way: ``data/`` -> dossier -> analysis -> verdict -> notebook -> report.
"""

__version__ = "0.1.0"
