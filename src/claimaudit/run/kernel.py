"""How a report's process starts its kernel and talks to it, by jupyter_client's entry point for kernel provisioners.

Everything but the start is that of an ordinary kernel: ipykernel's application runs in a process of its own, and the
client talks to it through its sockets. What cannot be forked with the same result (another Python, another language) is
started the usual way.
"""

from __future__ import annotations

import os
import secrets
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from queue import Empty
from subprocess import DEVNULL
from typing import Any

import psutil
import zmq
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets import Integer, Type
from traitlets.config import Config

PROVISIONER = "claimaudit-fork"
"""Its name among the entry points."""
_LAUNCHER = ["-m", "ipykernel_launcher"]
_OURS = ["-m", "claimaudit.run.kernel_app"]
_ANSWER = 0.05
"""Seconds to wait for an answer before asking again: the first is lost when the subscription comes after it."""
_LONGEST_SOCKET = 90
"""Characters a socket's path may have on every system."""


def settings(folder: Path, waiting: tuple[int, int] = (0, 0)) -> Config:
    """How a kernel is started and talked to, in jupyter_client's own words; ``waiting`` is for ``ForkProvisioner``.

    Local ports, the usual way, are picked by chance, and two kernels that start at once may pick the same one: here the
    sockets have names, in no folder (Linux) or in the report's, if its path is short enough.
    """
    KernelProvisionerFactory.instance(default_provisioner_name=PROVISIONER)
    socket = f"@claimaudit-{secrets.token_hex(16)}" if sys.platform == "linux" else str(folder / "k")
    named = {"transport": "ipc", "ip": socket} if os.name == "posix" and len(socket) <= _LONGEST_SOCKET else {}
    manager = {"connection_file": str(folder / "kernel.json"), "client_class": f"{__name__}.ReadyClient", **named}
    pid, orders = waiting
    return Config(KernelManager=manager, ForkProvisioner={"waiting": pid, "orders": orders})


class ForkedKernel:
    """A child of this process, with what jupyter_client asks of one."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int) -> None:
        self.pid, self._process, self._asked = pid, psutil.Process(pid), False

    def asked_to_end(self) -> None:
        """From now on it counts as ended: the report is written while it ends, and its end is waited for later."""
        self._asked = True

    def poll(self) -> int | None:
        """``None`` while the process runs."""
        try:
            return 0 if self._asked else self._process.wait(0) or 0
        except psutil.TimeoutExpired:
            return None

    def wait(self) -> int:
        """Wait for its end."""
        return 0 if self._asked else self._process.wait() or 0

    def send_signal(self, number: int) -> None:
        """Send the process a signal."""
        os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class ForkProvisioner(LocalProvisioner):
    """Has the process that waits to be a kernel become one, where there is one and it gives what another would."""

    waiting = Integer(0, help="the process that waits; 0 for none", config=True)
    orders = Integer(0, help="the file its orders are written to", config=True)

    async def launch_kernel(self, cmd: list[str], **options: Any) -> Any:
        """Start the kernel's process; what it writes past its sockets goes nowhere."""
        python, arguments = split_command(cmd)
        if not python or not self.waiting:
            cmd = [*python, *_OURS, *arguments] if python else cmd
            return await super().launch_kernel(cmd, **{**options, "stdout": DEVNULL, "stderr": DEVNULL})
        with Connection(os.dup(self.orders), readable=False) as orders:
            orders.send((arguments, str(options.get("cwd") or Path.cwd()), dict(options.get("env") or os.environ)))
        self.process = ForkedKernel(self.waiting)
        self.pid = self.pgid = self.waiting
        return self.connection_info

    async def shutdown_requested(self, restart: bool = False) -> None:
        """The kernel was asked to end."""
        if isinstance(self.process, ForkedKernel):
            self.process.asked_to_end()


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
                await self.shell_channel.get_msg(timeout=1)
            except Empty:
                if not await self.is_alive():
                    raise RuntimeError("Kernel died before replying to kernel_info") from None
                continue
            return
        raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds")


def _answers(message: Mapping[str, Any], asked: set[str]) -> bool:
    """Whether a message ends the kernel's work on one of these questions."""
    idle = message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"
    return idle and message["parent_header"].get("msg_id") in asked
