"""Kernels forked from a server process: jupyter_client's own managers, with another way to start the process.

Everything else is that of an ordinary kernel: ipykernel's application runs in the forked process, and the client talks
to it through its sockets. What cannot be forked with the same result (another Python, another language, a folder with
settings for matplotlib) is started the usual way.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Type

from claimaudit.run.engine_server import serve_from
from claimaudit.run.processes import end_family

_LAUNCHER = ["-m", "ipykernel_launcher"]
_SERVER = ["-m", "claimaudit.run.engine_server"]
_START = 60.0
"""Seconds a server has to do its imports and a kernel to come up."""
_ANSWER = 0.05
"""Seconds to wait for an answer before asking again: the first is lost when the subscription comes after it."""


def can_fork() -> bool:
    """Whether this system has what forked kernels need (Linux has)."""
    return hasattr(os, "pidfd_open") and hasattr(socket, "send_fds")


class ForkedProcess:
    """A process that is not our child, with what jupyter_client asks of one."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._file = os.pidfd_open(pid)

    def __del__(self) -> None:
        os.close(self._file)

    def ended(self, seconds: float) -> bool:
        """Whether the process ends within so many seconds."""
        return _readable(self._file, seconds)

    def poll(self) -> int | None:
        """``None`` while the process runs. How it ended is not known."""
        return 0 if self.ended(0) else None

    def wait(self) -> int:
        """Wait for its end."""
        while not self.ended(_START):
            pass
        return 0

    def send_signal(self, number: int) -> None:
        """Send the process a signal."""
        signal.pidfd_send_signal(self._file, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class Server:
    """A running server process, for one Python and one environment."""

    _running: Server | None = None
    _lock = threading.Lock()

    @classmethod
    def of(cls, python: Sequence[str], environment: Mapping[str, str]) -> Server:
        """The server for a Python and an environment; one for others is ended first."""
        kept = {name: value for name, value in environment.items() if not name.startswith("JPY_")}
        with cls._lock:
            server = cls._running
            if server is None or not server.fits(list(python), kept) or not server.alive():
                if server:
                    server.close()
                cls._running = server = cls(list(python), kept)
            return server

    @classmethod
    def here(cls, trace: Path | None = None) -> None:
        """Make a copy of this very process the server, for the one kernel it is going to have.

        To be called before anything else runs, by a process that holds the imports already. ``trace`` is the file the
        kernel notes in what it reads.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        number = os.fork()
        if number == 0:
            ours.close()
            serve_from(theirs)
        theirs.close()
        server = cls([], {}, (ours, ForkedProcess(number)))
        server.trace = str(trace) if trace else ""
        cls._running = server

    def __init__(self, python: list[str], environment: dict[str, str], made: tuple[Any, Any] | None = None) -> None:
        self.python, self.environment, self.trace = python, environment, ""
        if made:
            self._socket, self._process = made
            return
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [*python, *_SERVER], stdin=theirs, env=environment, cwd="/", start_new_session=True
            )
        atexit.register(self.close)

    def fits(self, python: list[str], environment: dict[str, str]) -> bool:
        """Whether its kernels would be started like this; a copy of this process has what it has."""
        return not self.python or (self.python, self.environment) == (python, environment)

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def fork(self, arguments: Sequence[str], cwd: str) -> ForkedProcess:
        """A new process with a kernel that can be talked to."""
        ours, theirs = os.pipe()
        with open(ours, "rb", buffering=0) as answers:  # noqa: PTH123
            try:
                request = json.dumps({"arguments": list(arguments), "cwd": cwd, "trace": self.trace}).encode()
                socket.send_fds(self._socket, [request], [theirs])
            finally:
                os.close(theirs)
            number = answers.read(32) if _readable(ours, _START) else b""
            if not number:
                raise RuntimeError("a kernel could not be forked; use the ordinary engine")
            process = ForkedProcess(int(number))
            if not _readable(ours, _START):
                process.kill()
                raise RuntimeError(f"a forked kernel did not start within {_START:g} seconds")
            return process

    def close(self) -> None:
        """End the process; its kernels end with it."""
        atexit.unregister(self.close)
        self._socket.close()
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:  # still busy with its imports
            self._process.kill()
            self._process.wait()


class ForkedProvisioner(LocalProvisioner):
    """Has kernels forked where that gives what an ordinary start does."""

    _leader = 0

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Start the kernel's process."""
        cwd = str(options.get("cwd") or Path.cwd())
        python, arguments = split_command(cmd)
        if not python or (Path(cwd) / "matplotlibrc").exists():
            return await super().launch_kernel(cmd, **options)
        server = Server.of(python, options.get("env") or os.environ)
        process = await asyncio.to_thread(server.fork, arguments, cwd)
        self.process, self.pid, self.pgid, self._leader = process, process.pid, process.pid, process.pid
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        """End the kernel with all it has started and, unlike an ordinary one, see it gone at once."""
        if not isinstance(self.process, ForkedProcess):
            return await super().kill(restart)
        end_family(self.process.pid)
        self.process.ended(1)
        return None

    async def cleanup(self, restart: bool = False) -> None:
        """End what a kernel left behind that ended by itself."""
        if self._leader:
            end_family(self._leader)
        await super().cleanup(restart)


def split_command(command: Sequence[str]) -> tuple[list[str], list[str]]:
    """A kernel's command as the Python it runs in and the kernel's arguments; empty when it is not this Python's."""
    for place in range(1, len(command) - 1):
        if list(command[place : place + 2]) == _LAUNCHER and command[0] == sys.executable:
            return list(command[:place]), list(command[place + 2 :])
    return [], []


class WakingChannel(AsyncZMQSocketChannel):
    """A channel on which sending does not put a waiting receiver to sleep for ever.

    A socket tells of a message once, and sending takes that notice away: a reply that came just before it would never
    be fetched. Cells with an Output widget, for which nbclient sends while it waits, hang now and then without this
    (https://github.com/jupyter/nbclient/issues/312).
    """

    def send(self, msg: dict[str, Any]) -> None:
        """Send a message, and look again for one that came meanwhile."""
        super().send(msg)
        self.socket.get(zmq.EVENTS)


class ReadyClient(AsyncKernelClient):
    """A client that takes the kernel as ready when it says so, without waiting for silence."""

    shell_channel_class = Type(WakingChannel)
    control_channel_class = Type(WakingChannel)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Ask until an answer has come on both channels; everything before it has come by then."""
        deadline = time.monotonic() + (timeout or float("inf"))
        asked: set[str] = set()
        while time.monotonic() < deadline:
            asked.add(self.kernel_info())
            try:
                while not _answers(await self.iopub_channel.get_msg(timeout=_ANSWER), asked):
                    pass
                reply = await self.shell_channel.get_msg(timeout=1)
            except Empty:
                if not await self.is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info") from None
                continue
            self._handle_kernel_info_reply(reply)
            return
        raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")


class ForkedKernelManager(AsyncKernelManager):
    """Manages one kernel, forked where it can be."""

    client_factory = Type(ReadyClient, klass=AsyncKernelClient)

    async def _async_pre_start_kernel(self, **options: Any) -> Any:
        if self.provisioner is None:
            self.kernel_id = self.kernel_id or "forked"
            self.provisioner = ForkedProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**options)

    pre_start_kernel = _async_pre_start_kernel


def _answers(message: Mapping[str, Any], asked: set[str]) -> bool:
    """Whether a message ends the kernel's work on one of these questions."""
    idle = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
    return idle and message["parent_header"].get("msg_id") in asked


def _readable(file: int, seconds: float) -> bool:
    """Whether there is something to read, or an end, within so many seconds."""
    poll = select.poll()
    poll.register(file, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
