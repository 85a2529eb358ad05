"""What a notebook read while it ran: the files a cached report depends on.

The kernel notes every file it opens, by Python's audit events, in a trace file of one line an event. What cannot be
followed (a program it starts, the network, a file it leaves behind) is noted too: such a report is never cached.
"""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_READ, _WRITE, _LIST, _SEARCH, _OPAQUE = "read", "write", "list", "search", "opaque"
_IMPORT = "<frozen importlib._bootstrap_external>"
_UNFOLLOWED = {
    "subprocess.Popen": "it starts a program",
    "os.system": "it starts a program",
    "os.forkpty": "it starts a program",
    "os.exec": "it starts a program",
    "os.posix_spawn": "it starts a program",
    "os.spawn": "it starts a program",
    "socket.connect": "it uses the network",
    "socket.getaddrinfo": "it uses the network",
}
_SYSTEM = ("/proc", "/dev", "/sys", "/etc", "/usr/share", "/usr/lib")


@dataclass(frozen=True)
class Trace:
    """Files that were read, folders whose names were listed, folders that were searched for modules to import.

    ``opaque`` says why there may be more, if so.
    """

    files: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()
    searched: tuple[Path, ...] = ()
    opaque: str = ""


def note_reads(path: str) -> None:
    """From now on, note in a file what this process and those forked from it read. Cannot be taken back."""
    seen: set[tuple[str, str]] = {(_WRITE, path)}
    Path(path).touch()

    def note(kind: str, text: Any) -> None:
        name = os.fsdecode(text) if isinstance(text, str | bytes) else ""
        if name and (kind, name) not in seen:
            seen.add((kind, name))
            whole = name if kind == _OPAQUE else os.path.abspath(name)  # noqa: PTH100 (Path would resolve nothing more)
            # Opened anew each time: a notebook may close every file of its process, and reuse their numbers.
            with suppress(OSError), open(path, "ab") as out:  # noqa: PTH123
                out.write(f"{kind}\t{whole}\n".encode(errors="surrogateescape"))

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            name, mode, flags = arguments
            writes = (flags & os.O_ACCMODE) != os.O_RDONLY if isinstance(flags, int) else "r" not in (mode or "r")
            note(_WRITE if writes else _READ, name)
        elif event in ("os.listdir", "os.scandir"):
            imports = sys._getframe(1).f_code.co_filename == _IMPORT
            note(_SEARCH if imports else _LIST, arguments[0] if arguments[0] is not None else ".")
        elif event == "sqlite3.connect" and arguments[0] != ":memory:":
            note(_READ, arguments[0])
        elif event in _UNFOLLOWED:
            note(_OPAQUE, _UNFOLLOWED[event])

    sys.addaudithook(hook)


def read_trace(path: Path, ignored: Iterable[Path] = ()) -> Trace:
    """What the trace file tells, without what belongs to Python, the system or this run (``ignored``)."""
    try:
        lines = path.read_bytes().decode(errors="surrogateescape").splitlines()
    except OSError:
        return Trace(opaque="what it reads was not recorded")
    noted: dict[str, dict[Path, None]] = {kind: {} for kind in (_READ, _WRITE, _LIST, _SEARCH)}
    opaque = ""
    outside = _not_ours([*ignored, path.parent])
    for line in lines:
        kind, _, name = line.partition("\t")
        if kind == _OPAQUE:
            opaque = opaque or name
        elif not name.startswith(outside):
            noted[kind][_source(Path(name))] = None
    written = [file for file in noted[_WRITE] if file.exists()]
    if written and not opaque:
        opaque = f"it writes {written[0].name!r}"
    files = [file for file in noted[_READ] if file not in noted[_WRITE]]
    return Trace(tuple(sorted(files)), tuple(sorted(noted[_LIST])), tuple(sorted(noted[_SEARCH])), opaque)


def _source(path: Path) -> Path:
    """The module a compiled file stands for."""
    if path.suffix == ".pyc" and path.parent.name == "__pycache__":
        return path.parent.parent / f"{path.name.partition('.')[0]}.py"
    return path


def _not_ours(ignored: Iterable[Path]) -> tuple[str, ...]:
    """Beginnings of paths that no report depends on, or that the rest of the key covers."""
    library = sysconfig.get_paths()
    folders = [library["stdlib"], library["purelib"], library["platlib"], *_SYSTEM]
    folders += [*site.getsitepackages(), site.getusersitepackages()]
    folders += [sys.prefix] if sys.prefix != sys.base_prefix else []
    home = Path.home()
    folders += [home / name for name in (".ipython", ".jupyter", ".local/share/jupyter", ".matplotlib")]
    folders += [home / ".cache/matplotlib", home / ".config/matplotlib", *ignored]
    folders += [os.environ[name] for name in ("IPYTHONDIR", "MPLCONFIGDIR") if os.environ.get(name)]
    paths = {str(folder) for folder in folders} | {str(Path(folder).resolve()) for folder in folders}
    return tuple(f"{path.rstrip('/')}/" for path in sorted(paths) if path not in ("", "/"))
