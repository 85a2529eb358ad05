"""What the process that all reports are forked from holds already: importing this module imports it all."""

from __future__ import annotations

import importlib

from claimaudit.run.engine_server import preload

REPORTS = ("claimaudit.publish.report", "claimaudit.run.client", "claimaudit.run.engine_kernel", "papermill.iorw")
"""Beyond what notebooks need: executing them and writing their reports."""

for _name in REPORTS:
    importlib.import_module(_name)
preload()
