"""The kernel's own process: ipykernel's application, whose output waits for its reader instead of being dropped.

``python -m claimaudit.run.kernel_app`` is what ``python -m ipykernel_launcher`` is, but for that.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence

import zmq
from ipykernel.kernelapp import IPKernelApp


class KernelApp(IPKernelApp):
    """An ordinary kernel that loses no output.

    ZeroMQ drops what is published faster than it is read; this kernel waits then.
    """

    def init_iopub(self, context: zmq.Context) -> None:
        """Set the option on the context: it is for the sockets that are made next."""
        context.setsockopt(zmq.XPUB_NODROP, 1)
        super().init_iopub(context)


def launched_with(arguments: Sequence[str]) -> list[str]:
    """What ``sys.argv`` is in an ordinary kernel."""
    launcher = importlib.util.find_spec("ipykernel_launcher")
    return [launcher.origin if launcher and launcher.origin else "", *arguments]


if __name__ == "__main__":
    del sys.path[0]  # the folder it was started in, as ipykernel_launcher does
    sys.argv = launched_with(sys.argv[1:])
    KernelApp.launch_instance()
