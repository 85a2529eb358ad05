"""The folder of the reports: nothing of the user's is overwritten, emptied or followed out of."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from builds import files, run, texts
from claimaudit import cli, places
from claimaudit.errors import BuildError
from claimaudit.run import manifest
from claimaudit.run.notebooks import all_notebooks
from claimaudit.run.plan import plan
from claimaudit.run.up_to_date import file_digest
from claimaudit.run.workplace import workplace_in
from notebooks_on_disk import write_notebook
from pages import SAMPLE_FILES
from samples import write_dossier

BUILT = sorted([*SAMPLE_FILES, "figs.html", "notebooks/figs.ipynb"])


def echo(task, tell):
    """Stands in for papermill: the notebook as it is."""
    return nbformat.read(task.path, as_version=4), None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_dossier(tmp_path / "dossier")
    write_notebook(tmp_path / "notebooks/figs.ipynb", "print(size)")
    return tmp_path


def built(folder: Path, out: str = "out", **more):
    return run(folder, str(folder / "notebooks/figs.ipynb"), out=out, execute=echo, **more)


def refused(folder: Path, out: str, match: str, **more) -> None:
    """Refused, and every file of the whole place is as it was."""
    before = {name: (folder / name).read_bytes() for name in files(folder)}
    with pytest.raises(BuildError, match=match):
        built(folder, out, **more)
    assert {name: (folder / name).read_bytes() for name in files(folder)} == before


# -- where a build may write ----------------------------------------------------------------------------------------


def test_new_empty_and_own_folders_are_taken(folder):
    """Dot-files and a README do no harm."""
    built(folder, "new/below")
    (folder / "empty").mkdir()
    (folder / "empty/.gitkeep").write_text("")
    (folder / "empty/README.md").write_text("Reports go here")
    built(folder, "empty")
    built(folder, "empty", force=True)

    assert files(folder / "new/below") == BUILT
    assert files(folder / "empty") == sorted([*BUILT, ".gitkeep", "README.md"])
    assert (folder / "empty/README.md").read_text() == "Reports go here"


@pytest.mark.parametrize("name", ["index.html", "manifest.json", "notes.txt", "sub/deep.txt"])
def test_foreign_folder_is_refused(folder, name):
    """Whatever lies there, with the way out."""
    path = folder / "site" / name
    path.parent.mkdir(parents=True)
    path.write_text("{}")

    refused(folder, "site", r"'site' holds what no build of this audit has put there .* --out")


def test_another_audits_folder_is_refused(folder):
    """Its index would list this one's reports, and its feed would announce corrections nobody made."""
    built(folder)
    article = folder / "dossier/article.toml"
    article.write_text(article.read_text().replace('title = "', 'title = "Another '))

    refused(folder, "out", r"'out' holds the reports of another audit \(“.*”\); choose another folder with --out")
    built(folder, "other")
    assert files(folder / "other") == BUILT


def test_folder_of_another_form_is_refused(folder):
    """A manifest that this version does not know is no mark."""
    built(folder)
    record = json.loads((folder / "out/manifest.json").read_text())
    (folder / "out/manifest.json").write_text(json.dumps({**record, "form": "claimaudit/manifest-1"}))

    refused(folder, "out", "holds what no build of this audit has put there")


@pytest.mark.parametrize("out", [".", "notebooks", "dossier", "dossier/observations", "dossier/new", "notebooks/new"])
def test_outputs_never_fall_on_sources(folder, out):
    """Neither the folder of a notebook, nor the dossier, nor anywhere in them."""
    refused(folder, out, "choose an")


def test_notebook_within_the_marked_folder_is_not_overwritten(folder):
    """A source that lies where its executed copy would go."""
    built(folder)
    source = write_notebook(folder / "out/notebooks/mine.ipynb", "print('precious')")

    before = source.read_bytes()
    with pytest.raises(BuildError, match=r"'notebooks/mine.ipynb' in 'out' would replace what it is made from"):
        run(folder, str(source), execute=echo)
    assert source.read_bytes() == before


def test_link_in_place_of_the_notebooks_folder_is_refused(folder):
    """Executed notebooks would leave the folder through it."""
    built(folder)
    (folder / "precious").mkdir()
    for path in (folder / "out/notebooks").iterdir():
        path.unlink()
    (folder / "out/notebooks").rmdir()
    (folder / "out/notebooks").symlink_to(folder / "precious")

    refused(folder, "out", "holds a link called 'notebooks'")


def test_what_was_changed_by_hand_is_kept_beside(folder):
    """A page somebody has edited, and one somebody has put where a report goes."""
    built(folder)
    (folder / "out/figs.html").write_text("my remarks")
    write_notebook(folder / "notebooks/ferries.ipynb", "print(size)")
    (folder / "out/ferries.html").write_text("not of a build")

    again = run(folder, execute=echo)
    assert sorted(again.kept) == ["ferries.html", "figs.html"]
    assert (folder / "out/figs.html.by-hand").read_text() == "my remarks"
    assert (folder / "out/ferries.html.by-hand").read_text() == "not of a build"
    assert "</html>" in (folder / "out/figs.html").read_text()
    assert run(folder, execute=echo, force=True).kept == ()
    (folder / "out/figs.html").write_text("more remarks")
    run(folder, execute=echo)
    assert (folder / "out/figs.html.by-hand-2").read_text() == "more remarks"


def test_a_build_ended_while_it_put_files_into_place(folder, monkeypatch):
    """The next one takes neither the old nor the new files for changed by hand."""
    built(folder)
    moves = []
    replace = Path.replace

    def breaks(self, target):
        if self.parent.name.startswith(".claimaudit-build-"):
            moves.append(target)
            if len(moves) == 3:
                raise OSError(5, "the disk has gone")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", breaks)
    with pytest.raises(BuildError, match="the disk has gone"):
        built(folder, force=True, as_of="2023-06-30")
    monkeypatch.undo()

    assert built(folder, as_of="2023-06-30").kept == ()
    assert files(folder / "out") == BUILT


def test_interrupted_first_build_leaves_nothing(folder):
    """Neither the mark, which is written first, nor an empty folder of notebooks."""
    seen = []

    def stopped(out: Path) -> None:
        with workplace_in(out, {"title": "x"}):
            seen.append(manifest.read(out).article)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped(folder / "out")
    assert seen == [{"title": "x"}]
    assert list((folder / "out").iterdir()) == []


def test_dot_folders_of_others_are_left_alone(folder):
    """Only what a killed build has left is cleared."""
    (folder / "out/.build-mine").mkdir(parents=True)
    (folder / "out/.build-mine/a").write_text("")
    built(folder)
    (folder / "out/.claimaudit-build-dead").mkdir()
    built(folder, force=True)

    assert (folder / "out/.build-mine/a").exists()
    assert not (folder / "out/.claimaudit-build-dead").exists()


# -- clean ----------------------------------------------------------------------------------------------------------


def clean(out: Path):
    return CliRunner().invoke(cli.main, ["clean", "--out", str(out)])


def test_clean_deletes_what_builds_left(folder):
    """And nothing else."""
    built(folder)
    (folder / "out/mine.html").write_text("mine")
    done = clean(folder / "out")

    assert done.exit_code == 0
    assert f"deleted {len(BUILT)} files" in done.output
    assert files(folder / "out") == ["mine.html"]


def test_clean_leaves_what_was_changed_by_hand_and_names_it(folder):
    """The folder stays marked, so that it can be built into again."""
    built(folder)
    (folder / "out/figs.html").write_text("my remarks")
    done = clean(folder / "out")

    assert "figs.html is not as a build has left it; it stays" in done.stderr
    assert files(folder / "out") == ["figs.html", "manifest.json"]
    assert built(folder).kept == ("figs.html",)


def test_clean_never_leaves_its_folder(folder):
    """A manifest that names files elsewhere, by ``..``, absolutely, or through a link, with their true digests."""
    built(folder)
    for name in ("precious/a.txt", "precious/deep/b.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("precious")
    out = folder / "out"
    (out / "way").symlink_to(folder / "precious")
    (out / "link.txt").symlink_to(folder / "precious/a.txt")
    (out / "dir").mkdir()
    names = [
        "../precious/a.txt",
        str(folder / "precious/a.txt"),
        "way/a.txt",
        "way/deep/b.txt",
        "link.txt",
        "dir",
        "",
        "..",
        "a\\b",
    ]
    record = json.loads((out / "manifest.json").read_text())
    digest = file_digest(folder / "precious/a.txt")
    (out / "manifest.json").write_text(json.dumps({**record, "files": record["files"] | dict.fromkeys(names, digest)}))
    done = clean(out)

    assert done.exit_code == 0
    assert files(folder / "precious") == ["a.txt", "deep/b.txt"]
    assert sorted(path.name for path in out.iterdir()) == ["dir", "link.txt", "manifest.json", "way"]


@pytest.mark.parametrize("record", ["", "{}", '{"files": {"a.txt": "x"}}', "not json"])
def test_clean_refuses_a_folder_without_a_mark(folder, record):
    """A manifest of somebody else's is none."""
    (folder / "S").mkdir()
    (folder / "S/a.txt").write_text("mine")
    (folder / "S/manifest.json").write_text(record)
    done = clean(folder / "S")

    assert done.exit_code == 2
    assert "is no folder of reports" in done.stderr
    assert files(folder / "S") == ["a.txt", "manifest.json"]


def test_clean_of_nothing_is_no_error(folder):
    """A folder that is not there, or empty."""
    (folder / "empty").mkdir()

    assert "deleted 0 files" in clean(folder / "none").output
    assert "deleted 0 files" in clean(folder / "empty").output


@pytest.mark.parametrize("command", ["build", "clean"])
@pytest.mark.parametrize(("out", "said"), [("", "--out names no folder"), ("x" * 300, "(File name too long)")])
def test_out_that_is_no_name_of_a_folder(command, out, said):
    """Left empty by a script's unset variable it is not the project's own folder; no name is answered by a traceback."""
    done = CliRunner().invoke(cli.main, [command, "--out", out])

    assert done.exit_code == 2
    assert said in done.output


# -- sweeps ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["1..100000000", "1..20000", "-999999999999999..999999999999999"])
def test_sweeps_are_counted_before_they_are_made(folder, text):
    """A range of a hundred million is told at once."""
    done = CliRunner().invoke(cli.main, ["build", "space", "--vary", "seed", text, "--out", str(folder / "out")])

    assert done.exit_code == 2
    assert "reports; vary fewer values" in done.stderr
    assert not (folder / "out").exists()


def test_large_sweeps_are_made_when_asked_for_twice():
    """Combinations count together; ``--yes`` is for those who mean it."""
    from claimaudit.run.plan import count_variants

    count_variants({"a": range(100), "b": range(100)})
    with pytest.raises(BuildError, match="10,100 reports; vary fewer values, or say --yes"):
        count_variants({"a": range(101), "b": range(100)})
    count_variants({"a": range(101), "b": range(100)}, many=True)
    with pytest.raises(BuildError, match="1,000,000 are the most"):
        count_variants({"a": range(1001), "b": range(1000)}, many=True)


def test_reports_of_one_name_are_refused(folder):
    """Two values that differ only in signs no file name holds; a name that is too long for a disk."""
    parameters = 'dossier: str = ""  # <folder> x\nkind: str = "a b"  # {a b, a:b} which'
    write_notebook(folder / "notebooks/figs.ipynb", "print(kind)", parameters=parameters)

    with pytest.raises(BuildError, match=r"two reports would be called 'figs\.kind-a-b'"):
        run(folder, str(folder / "notebooks/figs.ipynb"), execute=echo, options={"vary": {"kind": ["a b", "a:b"]}})


def test_texts_are_the_same_from_folder_to_folder(folder):
    """Nothing in the files tells where they lie."""
    built(folder, "one")
    built(folder, "two")

    assert texts(folder / "one") == texts(folder / "two")
    assert os.sep + "one" not in (folder / "one/manifest.json").read_text()


def test_a_what_if_and_the_audit_never_share_a_folder(folder):
    """Each is refused where the other lies, and nothing is touched."""
    built(folder)
    before = texts(folder / "out")
    with pytest.raises(
        BuildError, match="'out' holds the audit; a build with changed parameters goes into another folder"
    ):
        built(folder, size="4")
    assert texts(folder / "out") == before

    built(folder, size="4", out="what-if")
    with pytest.raises(BuildError, match="'what-if' holds a what-if; build the audit itself into another folder"):
        built(folder, out="what-if")


def test_a_what_if_goes_into_a_folder_named_after_what_was_changed(folder):
    def out(**given):
        names = [str(notebook.path) for notebook in all_notebooks(folder / "notebooks")]
        return plan(names, {"dossier": str(folder / "dossier"), **given}).out

    usual = folder / "dossier" / "reports"
    assert out() == out(size="3") == out(as_of="2023-06-30") == usual
    assert out(size="4") == usual / "what-if" / "size-4"


def test_only_the_projects_own_reports_go_into_its_folder(folder, monkeypatch):
    """Another dossier's go into its own, so that no two share a folder, wherever the command is given."""
    monkeypatch.chdir(folder)

    assert plan().out == plan(given={"dossier": str(places.dossier())}).out == places.reports()
    assert plan(given={"dossier": "dossier"}).out == folder / "dossier" / "reports"
    assert plan(given={"dossier": str(folder / "dossier")}).out == folder / "dossier" / "reports"
    run = CliRunner().invoke(
        cli.main, ["build", str(next((folder / "notebooks").glob("*.ipynb"))), "--dossier", "dossier"]
    )
    assert run.exit_code == 0, run.output
    assert (folder / "dossier" / "reports" / "index.html").is_file()
