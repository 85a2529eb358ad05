# ruff: noqa: PLC0415 (what is imported when is this module's whole business)
"""The process a build forks its reports from: it imports what they need, and runs nothing of them itself.

``python -m claimaudit.run.forkserver`` has a socket as standard input; a message on it names a dossier that will be asked
for, or brings a connection to a new report. The report's process forks the process of its kernel before anything else, then
hears what it is to do. All end when the build does, however it comes to that.
"""

from __future__ import annotations

import atexit
import os
import signal
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path

_kernel = 0
"""The number of this process if it is a kernel."""


class ForkServer:
    """The running process, seen from the build."""

    _running: ForkServer | None = None

    @classmethod
    def running(cls) -> ForkServer:
        """The one of this process; a new one where there is none or it was ended from outside."""
        if cls._running is None or cls._running.process.poll() is not None:
            cls._running = cls()
        return cls._running

    def __init__(self) -> None:
        self.requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "claimaudit.run.forkserver"],
                stdin=theirs,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"PYTHONHASHSEED": "0", **os.environ},  # kernels print sets in the same order each time
                start_new_session=True,  # Ctrl-C is the build's business
            )
        self._ahead: set[str] = set()
        atexit.register(self.close)

    def read_ahead(self, folder: str) -> None:
        """Have a dossier read, once, before what is forked from now on asks for it."""
        if folder not in self._ahead:
            self._ahead.add(folder)
            self.requests.send(os.fsencode(folder))

    def fork(self, connection: Connection) -> None:
        """Have a process forked that hears what it is to do from the other end of the connection."""
        socket.send_fds(self.requests, [b"+"], [connection.fileno()])

    @classmethod
    def end(cls) -> None:
        """End the one of this process, if there is one; the next build has a new one."""
        if cls._running is not None:
            cls._running.close()
            cls._running = None

    def close(self) -> None:
        """End the process and all that were forked from it."""
        atexit.unregister(self.close)
        self.requests.close()
        try:
            self.process.wait(1)
        except subprocess.TimeoutExpired:  # still busy with its imports
            self.process.kill()
            self.process.wait()


# -- in the process itself, and in those forked from it ------------------------------------------------------------


def main() -> None:
    """Be the process: this returns there when the build is gone, and in kernels when they have done their work."""
    atexit.register(_leave)  # before all others, so that it runs last
    del sys.path[0]  # the folder it was started in; a kernel puts its own there
    path = list(sys.path)
    requests = socket.socket(fileno=os.dup(0))
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)

    from claimaudit.run.preload import preload
    from claimaudit.run.processes import adopt_orphans, end_descendants

    preload()
    adopt_orphans()
    connection = serve(requests)
    if connection is None:
        end_descendants()
    else:
        become_kernel(be_report(connection), path)


def serve(requests: socket.socket) -> Connection | None:
    """Fork a process for each request that brings a connection, and read ahead what others name.

    Returns in a forked process with its connection, and here when the build is gone.
    """
    from claimaudit.run.preload import read_ahead
    from claimaudit.run.processes import adopt_orphans, die_with

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # ended reports are not waited for here
    server = os.getpid()
    while True:
        message, files, _, _ = socket.recv_fds(requests, 4096, 1)
        if not message:
            return None
        if not files:
            read_ahead(os.fsdecode(message))
            continue
        connection = Connection(files[0])
        if os.fork() == 0:
            requests.close()
            die_with(server)
            adopt_orphans()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            return connection
        connection.close()


def be_report(connection: Connection) -> Connection:
    """Run a report and end; this returns in its kernel's process only, with what brings the orders."""
    from dataclasses import replace
    from multiprocessing import Pipe

    from claimaudit.run.processes import die_with, limit_memory
    from claimaudit.run.worker import report

    own, kernel, status = os.getpid(), 0, 1
    try:
        connection.send(own)
        forks, megabytes, path, folder = connection.recv()
        limit_memory(megabytes)
        orders, ours = Pipe(duplex=False)
        if forks and (kernel := os.fork()) == 0:
            ours.close()
            connection.close()
            die_with(own)
            return orders
        orders.close()
        os.register_at_fork(after_in_child=connection.close)  # its end tells the build of ours
        os.chdir(folder)
        sys.path[:] = path
        task, execute = connection.recv()
        task = replace(task, waiting=(kernel, os.dup(ours.fileno()))) if kernel else task
        ours.close()
        report(task, execute, connection)
        status = 0
    finally:
        if os.getpid() == own:  # nothing of the process this one was forked from may run on
            os._exit(status)


def become_kernel(orders: Connection, path: list[str]) -> None:
    """Be a kernel, with what one that was started the usual way has."""
    global _kernel  # noqa: PLW0603
    try:
        arguments, folder, environment = orders.recv()
    except EOFError:  # none is needed
        os._exit(0)
    orders.close()
    _kernel = os.getpid()
    os.setsid()
    os.environ.clear()
    os.environ.update(environment, JPY_PARENT_PID=str(os.getppid()))
    os.chdir(folder)
    sys.path[:] = path

    from claimaudit.run.kernel_app import KernelApp, launched_with
    from claimaudit.run.preload import as_if_new

    as_if_new()
    sys.argv = launched_with(arguments)
    app = KernelApp.instance(parent_handle=os.getppid())
    app.initialize()
    if "ipywidgets" in sys.modules:
        sys.modules["ipywidgets"].load_ipython_extension(app.shell)
    app.start()


def _leave() -> None:
    """A kernel has run its exit handlers: what is left of its memory needs no tidying."""
    if os.getpid() == _kernel:
        os._exit(0)


if __name__ == "__main__":
    main()
