# ruff: noqa: PLC0415 (what is imported when is this module's whole business)
"""The process kernels are forked from: it imports what notebooks need, and runs nothing of them itself.

Its standard input is a socket. Each message asks for a kernel: its arguments and folder as JSON, and a pipe. The new
process writes its number there, sets the kernel up, and closes the pipe once the kernel can be talked to. The server
ends with the process that started it, and its kernels end when it is gone.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import json
import os
import platform
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

PRELOADED = (
    "ipykernel.kernelapp",
    "matplotlib.pyplot",
    "pandas",
    "seaborn",
    "claimaudit.verdict.audit",
    "claimaudit.dossier.dossier",
    "claimaudit.show.cards",
    "claimaudit.show.charts.forms",
    "claimaudit.show.lab.explore",
    "claimaudit.show.summary",
)
"""What is imported once. No figure may be drawn and no random number taken here: every kernel would start with it."""

LONGEST_REQUEST = 1 << 16


def preload() -> None:
    """Import what notebooks need, as they would find it in a kernel."""
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # as a kernel has it
    for name in PRELOADED:
        with suppress(ImportError):  # the notebook that needs it will say so
            importlib.import_module(name)
    platform.processor()  # Python asks a program once, and a kernel would
    gc.collect()
    gc.freeze()


def serve_from(requests: socket.socket) -> NoReturn:
    """Be the server in a process that was forked to be it, and end with it."""
    status = 1
    try:
        os.setsid()
        become_kernel(*serve(requests))
        status = 0
    except SystemExit as end:
        status = int(end.code or 0)
    finally:  # nothing of the process this one was forked from may run on
        os._exit(status)


def serve(requests: socket.socket) -> tuple[dict[str, Any], int]:
    """Fork a process for each request; returns in that process only, with the request and the pipe."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended kernels are not waited for here
    while True:
        message, files, _, _ = socket.recv_fds(requests, LONGEST_REQUEST, 1)
        if not message:
            sys.exit()
        server = os.getpid()
        if os.fork() == 0:
            requests.close()
            return {**json.loads(message), "server": server}, files[0]
        os.close(files[0])


def become_kernel(request: dict[str, Any], pipe: int) -> None:
    """Start a kernel in this process, with what a kernel that was started the usual way has."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.write(pipe, str(os.getpid()).encode())
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    os.chdir(request["cwd"])
    os.environ["JPY_PARENT_PID"] = str(request["server"])
    launcher = importlib.util.find_spec("ipykernel_launcher")
    sys.argv = [launcher.origin if launcher and launcher.origin else "", *request["arguments"]]
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed()

    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance(parent_handle=request["server"])
    app.initialize()
    if "ipywidgets" in sys.modules:
        sys.modules["ipywidgets"].load_ipython_extension(app.shell)
    os.close(pipe)
    app.start()


if __name__ == "__main__":
    del sys.path[0]  # the folder the server was started in; a kernel puts its own there
    preload()
    become_kernel(*serve(socket.socket(fileno=os.dup(0))))
