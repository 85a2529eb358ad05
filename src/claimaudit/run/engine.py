# ruff: noqa: PLC0415 (papermill imports this module whenever it is imported itself: nothing heavy may come along)
"""The papermill engine ``claimaudit``: kernels are forked from a process that holds the usual imports already.

A kernel of this engine is an ordinary one in all but its start (see ``engine_kernel``), so that its outputs are those
of papermill's own engine. Each notebook gets a fresh one, which no other notebook gets::

    papermill --engine claimaudit in.ipynb out.ipynb -p x 1
"""

from __future__ import annotations

from typing import Any


class ForkEngine:
    """What papermill asks of an engine, answered by its own engine with another way to start a kernel."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **options: Any) -> Any:
        """Execute the notebook in a kernel of its own."""
        from papermill.engines import NBClientEngine

        from claimaudit.run.engine_kernel import ForkedKernelManager, can_fork

        if can_fork():
            options.setdefault("kernel_manager_class", ForkedKernelManager)
        return NBClientEngine.execute_notebook(nb, kernel_name, **options)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """The kernel the notebook asks for."""
        from papermill.utils import nb_kernel_name

        return nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """The language the notebook is written in."""
        from papermill.utils import nb_language

        return nb_language(nb, language)
