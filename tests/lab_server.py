"""A real JupyterLab for tests: a server of its own on a free port, with settings and files of its own."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
_START = 120.0


@dataclass(frozen=True)
class Lab:
    """A running server: its address and token, and the folder it shows."""

    address: str
    token: str
    files: Path

    def open(self, path: str) -> str:
        """The address of a notebook in JupyterLab, as the project has it, in a workspace without what was open before."""
        shutil.copy(ROOT / path, self.files / path)
        return f"{self.address}/lab/tree/{path}?token={self.token}&reset"

    def stop_kernels(self) -> None:
        """End every notebook's kernel: many at once would fill the machine."""
        for session in json.loads(self._ask("api/sessions")):
            self._ask(f"api/sessions/{session['id']}", "DELETE")

    def _ask(self, path: str, method: str = "GET") -> bytes:
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.address}/{path}", headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.read()


@contextmanager
def lab(folder: Path) -> Iterator[Lab]:
    """JupyterLab on a copy of the project's notebooks in ``folder``, so that saving changes nothing of the project."""
    files = folder / "files"
    shutil.copytree(ROOT / "notebooks", files / "notebooks", ignore=shutil.ignore_patterns(".*"))
    shutil.copy(ROOT / "overview.ipynb", files)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        sys.executable, "-m", "jupyterlab", "overview.ipynb", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", "--ServerApp.port_retries=0", f"--notebook-dir={files}", f"--IdentityProvider.token={token}",
        "--LabApp.news_url=None", "--LabApp.extension_manager=readonly",
    ]  # fmt: skip
    own = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "RUNTIME")}
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=files, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **own, "HOME": str(folder)}
        )
        try:
            found = Lab(f"http://127.0.0.1:{port}", token, files)
            _wait(found, server, folder / "server.log")
            yield found
        finally:
            server.terminate()
            try:
                server.wait(timeout=30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait(found: Lab, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + _START
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{found.address}/api?token={found.token}", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise RuntimeError(f"JupyterLab did not come up:\n{log.read_text(encoding='utf-8')[-3000:]}")
