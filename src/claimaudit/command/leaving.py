"""``export`` writes an audit in the forms of others; ``lab`` opens a dossier in JupyterLab."""
# ruff: noqa: PLC0415 (so that --help answers at once)

from __future__ import annotations

import sys
from pathlib import Path

import click

from claimaudit.arguments import EPILOG, dossier_option, shown
from claimaudit.command.patience import ends
from claimaudit.errors import BuildError

FORMS = ("claimreview", "averitec", "sheet")
NOTEBOOK = "explore.ipynb"
"""The packaged notebook's copy in a dossier's folder."""


@click.command(epilog=EPILOG)
@click.argument("form", type=click.Choice(FORMS))
@click.option("--out", metavar="FILE", help="The file to write. [default: print it]")
@dossier_option
def export(form: str, out: str | None, dossier: str | None) -> None:
    """Export the audit: claimreview (schema.org, JSON-LD), averitec (that data set's form) or sheet (CSV, one row an observation).

    A sheet is what 'claimaudit new --from' reads: the evidence without the claims.
    """
    from claimaudit.dossier.dossier import Dossier

    loaded = Dossier.load(dossier)
    if form == "sheet":
        from claimaudit.dossier.sheet_rows import sheet_text

        text = sheet_text(loaded)
    else:
        from claimaudit.publish import averitec, claimreview
        from claimaudit.verdict.audit import audit

        topics = dict.fromkeys(claim.topic for claim in loaded.claims)
        audits = [audit(loaded, topic) for topic in topics]
        pages = {topic: f"{topic}.html" for topic in topics}
        text = (
            averitec.json_text(audits)
            if form == "averitec"
            else claimreview.json_text(claimreview.reviews(audits, pages))
        )
    if out is None:
        click.echo(text, nl=False)
        return
    _write(Path(out), text)
    click.echo(f"wrote {shown(Path(out))}")


def _write(path: Path, text: str) -> None:
    """A file, whole or not at all."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8", newline="")
        unfinished.replace(path)
    except OSError as error:
        raise BuildError(f"{path} cannot be written ({error.strerror}); name another with --out") from None
    finally:
        unfinished.unlink(missing_ok=True)


@click.command(
    epilog=EPILOG,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": True},
)
@click.argument("options", nargs=-1, type=click.UNPROCESSED, metavar="[JUPYTER OPTION]...")
@dossier_option
def lab(options: tuple[str, ...], dossier: str | None) -> None:
    """Open JupyterLab on the dossier's folder, with a notebook to ask it (explore.ipynb, copied there once).

    Options of JupyterLab are handed on, such as --no-browser or --port=8899.
    """
    import subprocess

    from claimaudit import places
    from claimaudit.dossier.dossier import Dossier

    folder = places.dossier(dossier)
    Dossier.load(folder)
    root = places.project()
    if root and folder.resolve() == (root / "data").resolve():
        folder, notebook = root, root / "overview.ipynb"
    else:
        notebook = folder / NOTEBOOK
        if not notebook.exists():
            _write(notebook, (places.PACKAGE / "notebooks" / "topic.ipynb").read_text(encoding="utf-8"))
            click.echo(f"wrote {shown(notebook)}")
    ends()
    click.echo("opening JupyterLab; Ctrl-C ends it")
    line = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={folder.resolve()}", str(notebook.resolve()), *options]
    sys.exit(subprocess.call(line, cwd=folder))
