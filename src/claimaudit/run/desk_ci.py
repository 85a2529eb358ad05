"""The workflow for a desk's own repository: the same checks, review and publishing as this project's, for GitHub Actions."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from claimaudit import __version__
from claimaudit.errors import BuildError, ParameterError

WORKFLOW, REQUIREMENTS = ".github/workflows/audit.yml", "requirements.txt"
_PLACE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


def workflow(dossier: str = "data") -> str:
    """The text of the workflow for a dossier at a place in the repository.

    ``ParameterError`` where the place is not made of plain names, which a shell would read as anything else.
    """
    if not _PLACE.fullmatch(dossier) or ".." in dossier.split("/"):
        raise ParameterError(
            f"{dossier!r} is no place in a repository: use letters, digits, '.', '_' and '-', parted by '/'"
        )
    text = resources.files("claimaudit.run").joinpath("desk_ci.yml").read_text(encoding="utf-8")
    return text.replace("DOSSIER", dossier)


def write_ci(repository: Path, dossier: str = "data") -> list[Path]:
    """Write the workflow, and a ``requirements.txt`` where there is none, into a repository's folder; the files written.

    Raises ``BuildError`` where there is a workflow already or one cannot be written, ``ParameterError`` as ``workflow``.
    """
    texts = {WORKFLOW: workflow(dossier), REQUIREMENTS: f"claimaudit=={__version__}\n"}
    written = []
    for name, text in texts.items():
        path = repository / name
        if path.exists() and name == REQUIREMENTS:
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            raise BuildError(f"{path} is there already; move it away, or take over what you need by hand") from None
        except OSError as error:
            raise BuildError(f"{path} cannot be written ({error.strerror}); check the folder and its rights") from None
        written.append(path)
    return written
