"""Builds and sweeps on a Dask cluster: the same bytes and rows as here, whatever happens to a worker."""

from __future__ import annotations

import csv
import io
import os
import pickle
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from builds import texts
from claimaudit.cli import main
from claimaudit.cluster import client as clients
from claimaudit.cluster import program as programs
from claimaudit.cluster import reports, sweeping
from claimaudit.cluster.chunks import MOST, Chunk
from claimaudit.cluster.folders import dossier_files, fetched, packed
from claimaudit.cluster.progress import Counting, Rate
from claimaudit.cluster.reports import running_on
from claimaudit.cluster.settings import Asked, Setting
from claimaudit.cluster.sweep import read_sweep
from claimaudit.cluster.sweeping import run_sweep
from claimaudit.dossier.dossier import Dossier
from claimaudit.errors import BuildError, DossierError, ParameterError
from claimaudit.run.build import build
from claimaudit.run.plan import plan
from claimaudit.verdict.accepted import rows as fresh_rows
from claimaudit.verdict.audit import audit
from claimaudit.verdict.readings import badge_under, readings
from claimaudit.verdict.table import COLUMNS
from notebooks_on_disk import write_notebook
from samples import DATA, write_dossier

pytestmark = pytest.mark.filterwarnings("default")  # Dask's own are its own business


@pytest.fixture(scope="module")
def cluster():
    """Two workers of this machine, each a process; all gone at the end."""
    with clients.connected("local", 2) as found:
        yield found
    left = [
        child for child in psutil.Process().children(recursive=True) if "nanny" in " ".join(child.cmdline()).lower()
    ]
    assert not left


@pytest.fixture
def desk(tmp_path):
    """A folder with a small dossier and a file to write a sweep into."""
    write_dossier(tmp_path / "harbour")
    return tmp_path


def spec(folder: Path, text: str) -> Path:
    path = folder / "sweep.toml"
    path.write_text(text, encoding="utf-8")
    return path


def swept(folder: Path, text: str, name: str = "table.csv", **more):
    """The rows of a sweep, and what else it came to."""
    found = run_sweep(read_sweep(spec(folder, text)), folder / name, **more)
    return list(csv.DictReader(io.StringIO((folder / name).read_text(encoding="utf-8")))), found


THREE = 'dossiers = ["harbour"]\n[method]\ndependence = [0.1, 0.5, 0.9]\nsupported = [0.7, 0.9]\n'
MANY = 'dossiers = ["harbour"]\n[method]\ndependence = [{}]\nprior = [0.3, 0.5]\nsupported = [0.7, 0.8, 0.9]\n'.format(
    ", ".join(f"{number / 100}" for number in range(50))
)


# -- a sweep's verdicts --------------------------------------------------------------------------------------------------


def test_every_setting_is_as_a_fresh_audit_under_it(desk):
    found, _ = swept(desk, THREE)
    whole = Dossier.load(desk / "harbour")

    assert len(found) == 6 * len(fresh_rows(audit(whole, topic) for topic in ("figs", "ferries")))
    for dependence in (0.1, 0.5, 0.9):
        for supported in (0.7, 0.9):
            own = whole.with_method(whole.method.varied({"dependence": dependence, "supported": supported}))
            wanted = fresh_rows(audit(own, topic) for topic in ("figs", "ferries"))
            setting = (repr(dependence), repr(supported))
            rows = [row for row in found if (row["dependence"], row["supported"]) == setting]
            assert [{name: row[name] for name in COLUMNS} for row in rows] == wanted


def test_days_are_judged_alone_and_as_an_audit_judges_them(desk):
    found, _ = swept(desk, 'dossiers = ["harbour"]\nas_of = [2023-02-15, 2024-06-01]\n')
    whole = Dossier.load(desk / "harbour")
    hindsight = [
        row for row in fresh_rows(audit(whole, topic) for topic in ("figs", "ferries")) if row["vintage"] == "hindsight"
    ]

    assert {row["as_of"] for row in found} == {"2023-02-15", "2024-06-01"}
    assert [{name: row[name] for name in COLUMNS} for row in found if row["as_of"] == "2024-06-01"] == hindsight


def test_each_reading_has_the_badge_that_the_report_tells_of_it(desk):
    found, _ = swept(desk, 'dossiers = ["harbour"]\nreadings = "every"\n')
    whole = Dossier.load(desk / "harbour")
    (claim,) = whole.topic("figs")
    labels = {part.part_id: audit(whole, "figs").verdict(part.part_id).label for part in claim.parts}

    own = [row for row in found if (row["claim_id"], row["part_id"], row["vintage"]) == ("E01", "", "hindsight")]
    told = {row["reading"]: row["rating"] for row in own}
    assert len(told) == 3
    assert told == {reading.name: badge_under(reading, claim, labels).value for reading in readings(claim)}


def test_parameters_reach_the_models_that_know_them_and_no_other_dossier(desk):
    text = f'dossiers = ["harbour", "{DATA}"]\n'
    text += 'topics = ["synthesis", "figs"]\n[parameters.synthesis]\nrecovery_share = [0.8, 0.9]\n'
    found, told = swept(desk, text)
    wanted = fresh_rows([audit(Dossier.load(), "synthesis", _synthesis(recovery_share=0.8))])

    assert told.audits == 3
    assert {row["synthesis.recovery_share"] for row in found if row["dossier"] == "harbour"} == {""}
    assert [
        {name: row[name] for name in COLUMNS} for row in found if row["synthesis.recovery_share"] == "0.8"
    ] == wanted


def _synthesis(**given):
    from claimaudit.api import parameters_of

    return parameters_of(Dossier.load(), "synthesis")(**given)


# -- on a cluster ---------------------------------------------------------------------------------------------------------


def test_a_cluster_gives_the_same_table(desk, cluster):
    _, here = swept(desk, THREE, "here.csv")
    _, there = swept(desk, THREE, "there.csv", cluster=cluster)

    assert (desk / "there.csv").read_bytes() == (desk / "here.csv").read_bytes()
    assert (there.audits, there.rows, there.failed) == (here.audits, here.rows, ())


class Killing(Counting):
    """Kills a worker when the first piece is there."""

    def __init__(self, cluster) -> None:
        self.cluster, self.at, self.total, self.killed = cluster, 0, 0, 0

    def started(self, total):
        self.total = total

    def done(self, many):
        self.at += many
        if not self.killed:
            self.killed = next(iter(self.cluster.client.run(os.getpid).values()))
            os.kill(self.killed, signal.SIGKILL)
            self.left = self.total - self.at


def test_a_worker_killed_in_mid_sweep_loses_and_doubles_nothing(desk, cluster):
    killing = Killing(cluster)
    _, here = swept(desk, MANY, "here.csv")
    rows, there = swept(desk, MANY, "there.csv", cluster=cluster, counting=killing)
    keys = [
        (row["dependence"], row["prior"], row["supported"], row["claim_id"], row["part_id"], row["vintage"])
        for row in rows
    ]

    assert killing.left > 200
    assert not psutil.pid_exists(killing.killed) or psutil.Process(killing.killed).status() == psutil.STATUS_ZOMBIE
    assert (there.rows, there.failed) == (here.rows, ())
    assert len(set(keys)) == len(keys) == here.rows
    assert (desk / "there.csv").read_bytes() == (desk / "here.csv").read_bytes()


def test_two_sweeps_at_once_do_not_mix(desk, cluster):
    other = desk / "other"
    write_dossier(other / "harbour")
    address = cluster.client.scheduler.address

    def run(folder, text):
        with clients.connected(address) as own:
            return swept(folder, text, "there.csv", cluster=own)

    swept(desk, MANY, "here.csv")
    swept(other, THREE.replace("0.5", "0.4"), "here.csv")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, (desk, other), (MANY, THREE.replace("0.5", "0.4"))))

    for folder in (desk, other):
        assert (folder / "there.csv").read_bytes() == (folder / "here.csv").read_bytes()


@pytest.mark.parametrize("where", ["here", "there"])
def test_a_dossier_at_fault_is_told_by_name_and_stops_no_other(desk, cluster, where):
    write_dossier(desk / "torn", sources="source_id,title\n")
    write_dossier(desk / "led-out")
    (desk / "led-out" / "units.csv").unlink()
    (desk / "led-out" / "units.csv").symlink_to(DATA / "units.csv")
    text = THREE.replace('["harbour"]', '["led-out", "torn", "harbour"]')
    rows, told = swept(desk, text, cluster=cluster if where == "there" else None)

    assert {(row["dossier"], row["dependence"]) for row in rows} == {
        ("harbour", text) for text in ("0.1", "0.5", "0.9")
    }
    assert {failed.dossier: failed.many for failed in told.failed} == {"led-out": 6, "torn": 6}
    assert all("sources.csv" in str(failed) for failed in told.failed if failed.dossier == "torn")
    assert all("leads out of the folder" in str(failed) for failed in told.failed if failed.dossier == "led-out")


def _allow(failures, dask_scheduler):
    dask_scheduler.allowed_failures = failures


def _kill_the_worker(chunk, digest, wanted, raw):
    """A piece that no worker survives, if it holds the setting that is to blame."""
    if any(setting.method.get("dependence") == 0.13 for setting in chunk.settings):
        os._exit(1)
    from claimaudit.cluster.tasks import judged

    return judged(chunk, digest, wanted, raw)


def test_what_no_worker_survives_is_told_and_its_neighbours_are_judged(desk, cluster, monkeypatch):
    monkeypatch.setattr(sweeping, "judged", _kill_the_worker)
    cluster.client.run_on_scheduler(_allow, 0)  # the first loss counts; usually it takes four
    rows, told = swept(desk, MANY.replace("[0.3, 0.5]", "0.5").replace("[0.7, 0.8, 0.9]", "0.8"), cluster=cluster)

    cluster.client.run_on_scheduler(_allow, 3)
    assert [failed.setting for failed in told.failed] == ["dependence = 0.13, prior = 0.5, supported = 0.8"]
    assert "every worker that tried it was lost" in str(told.failed[0])
    assert len({row["dependence"] for row in rows}) == 49


# -- which workers may be used -------------------------------------------------------------------------------------------


def test_a_cluster_of_another_version_is_refused_in_one_sentence(cluster, monkeypatch):
    address = cluster.client.scheduler.address
    monkeypatch.setattr(programs, "__version__", "9.9")
    monkeypatch.setattr(programs.platform, "python_version", lambda: "3.99.1")
    programs.program.cache_clear()
    try:
        with pytest.raises(BuildError) as told, clients.connected(address):
            pass
    finally:
        programs.program.cache_clear()

    assert "it runs claimaudit 0.1.0 and not 9.9, Python 3." in str(told.value)
    assert "\n" not in str(told.value)


def _become_another(name):
    """In a worker: be of another version from here on, and fail at whatever is given to it in spite of that."""
    from dataclasses import replace

    from claimaudit.cluster import program as programs
    from claimaudit.cluster import tasks

    def refuse(*_):
        raise AssertionError("a refused worker was given work")

    if not hasattr(programs, "before"):
        programs.before, tasks.before = programs.program, tasks.judge
    other = replace(programs.before(), claimaudit=name or "0.1.0")
    programs.program = tasks.program = (lambda: other) if name else programs.before
    tasks.judge = refuse if name else tasks.before


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_one_worker_of_another_version_is_given_nothing(desk, cluster, when):
    """Be it there when the sweep begins, or come later: then it says so itself, and the piece goes to another."""
    client = cluster.client
    client.wait_for_workers(2, timeout=60)
    bad = next(iter(client.scheduler_info()["workers"]))
    swept(desk, MANY, "here.csv")
    own = clients.Cluster(client)
    try:
        client.run(_become_another, "0.0.9", workers=[bad])
        if when == "before":
            good, refused = own.survey()
            assert (len(good), len(refused)) == (1, 1)
            assert f"worker {bad} is refused: it runs claimaudit 0.0.9 and not 0.1.0;" in refused[0]
            own = clients.Cluster(client, refused)
        _, told = swept(desk, MANY, "there.csv", cluster=own)
    finally:
        client.run(_become_another, "", workers=[bad])

    assert told.failed == ()
    assert (desk / "there.csv").read_bytes() == (desk / "here.csv").read_bytes()


def test_no_scheduler_at_an_address_is_one_sentence(desk, monkeypatch):
    monkeypatch.setattr(clients, "_ANSWERS", 0.5)
    run = CliRunner().invoke(
        main, ["sweep", str(spec(desk, THREE)), "--out", str(desk / "a.csv"), "--scheduler", "tcp://127.0.0.1:9"]
    )

    assert run.exit_code == 2
    assert run.stderr.splitlines()[-1].startswith(
        "claimaudit: no scheduler answers at tcp://127.0.0.1:9; give --scheduler"
    )
    assert not (desk / "a.csv").exists()


# -- reports --------------------------------------------------------------------------------------------------------------


def test_reports_are_the_same_bytes_as_a_local_build(desk, cluster, monkeypatch):
    """With a module, an input and a variable of their own; one that fails is told, and how far it came is the same."""
    write_notebook(desk / "notebooks/one.ipynb", "import os\nprint(size, dossier, os.getcwd())", "{'b', 'a'}")
    reads = "import claimaudit as ca\nca.load(dossier).claims"
    write_notebook(desk / "notebooks/two.ipynb", "import helper\nprint(helper.ANSWER)", reads)
    write_notebook(desk / "notebooks/three.ipynb", "1 / 0")
    (desk / "notebooks/helper.py").write_text("ANSWER = 42\n")
    names = [str(desk / f"notebooks/{name}.ipynb") for name in ("one", "two", "three")]
    sizes = []

    def measured(cluster, do, more, stop=None):
        def next_():
            call = more()
            sizes.extend([len(pickle.dumps(call[0]))] if call else [])
            return call

        return clients.gathered(cluster, do, next_, stop)

    monkeypatch.setattr(reports, "gathered", measured)
    asked = {out: plan(names, {"dossier": str(desk / "harbour")}, out=desk / out, jobs=2) for out in ("here", "there")}
    here = build(asked["here"])
    there = build(asked["there"], running=running_on(cluster, asked["there"]))

    assert {one.name: one.failure for one in there.outcomes} == {one.name: one.failure for one in here.outcomes}
    assert [one.name for one in there.failed] == ["three"]
    assert "42" in texts(desk / "there")["two.html"]
    assert texts(desk / "there") == texts(desk / "here")
    assert len(sizes) == 3
    assert max(sizes) < 10_000


def test_the_projects_own_dossier_is_the_one_that_was_sent(tmp_path, cluster, monkeypatch):
    """A notebook that is given no folder reads the copy, which a worker elsewhere may not have of its own."""
    same = "import os\nprint(str(found) == os.environ['CLAIMAUDIT_FETCHED_DOSSIER'], found.name)"
    path = write_notebook(
        tmp_path / "own.ipynb", "import claimaudit as ca\nfound = ca.load(dossier).dossier.path", same
    )
    asked = plan([str(path)], {}, out=tmp_path / "out", jobs=1)
    built = build(asked, running=running_on(cluster, asked))

    assert built.failed == ()
    assert "True data" in texts(tmp_path / "out")["own.html"]


# -- folders and tasks ----------------------------------------------------------------------------------------------------


def test_a_folder_is_known_by_its_content_alone(desk, tmp_path):
    first, second = desk / "harbour", tmp_path / "elsewhere" / "copy"
    write_dossier(second)
    one, other = (packed(folder, dossier_files(folder)) for folder in (first, second))
    place = fetched(one.digest, one.raw, tmp_path / "cache")

    assert one == other
    assert {path.name: path.read_bytes() for path in dossier_files(place)} == {
        path.name: path.read_bytes() for path in dossier_files(first)
    }
    (second / "units.csv").write_text("unit,dimension,factor,meaning\n")
    assert packed(second, dossier_files(second)).digest != one.digest
    with pytest.raises(ValueError, match="did not arrive as it was sent"):
        fetched("0" * 64, one.raw, tmp_path / "cache")


def test_a_link_out_of_a_folder_is_not_sent(desk):
    (desk / "secret").write_text("mine")
    (desk / "harbour" / "notes.csv").symlink_to(desk / "secret")

    with pytest.raises(DossierError, match="leads out of the folder"):
        dossier_files(desk / "harbour")


def test_a_piece_of_a_sweep_is_small_to_send():
    setting = Setting(
        {f"number_{number}": number / 7 for number in range(8)},
        {"topic": {f"parameter_{number}": number / 7 for number in range(4)}},
    )
    settings = tuple(
        replace(setting, method={name: value + number for name, value in setting.method.items()})
        for number in range(MOST)
    )
    chunk = Chunk(0, "desk/one", ("name",) * 12, Asked(readings=("as split",)), settings)

    assert len(pickle.dumps(chunk)) < 10_000


# -- what is asked, and where it goes -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('dossier = ["harbour"]', "1: dossier: the entry is not known; did you mean 'dossiers'?"),
        ('dossiers = ["harbor"]', "1: dossiers.1: there is no folder 'harbor'; did you mean 'harbour'?"),
        ('dossiers = ["desk/*"]', "1: dossiers.1: 'desk/*' finds no folder with an article.toml; mend the pattern"),
        ("[method]\ndependance = 0.5", "2: method.dependance: the entry is not known; did you mean 'dependence'?"),
        ("[method]\nprior = [0.5, 2]", "2: method.prior.2: 2 is out of range; give a number from 0.001 to 0.999"),
        ("[method]\nprior = [0.5, 0.5]", "2: method.prior: 0.5 stands twice; give each value once"),
        (
            'readings = "strict reading"',
            "1: readings: unknown readings 'strict reading'; did you mean 'strictest reading'?",
        ),
        ('as_of = "2023-06-30"', "1: as_of: '2023-06-30' is not a day; write a day as 2023-03-14"),
        (
            "[parameters.opinon]\nbar = 1",
            "1: parameters.opinon: no dossier named here has a topic of that name with a model; did you"
            " mean 'opinion'?",
        ),
        (
            "[parameters.munitions]\nsed = 1",
            "2: parameters.munitions.sed: the model of 'munitions' has no parameter of that name; did you mean 'seed'?",
        ),
        (
            "[parameters.munitions]\nseed = 1.5",
            "2: parameters.munitions.seed: 1.5 is not a whole number; its usual value is",
        ),
        (
            "[parameters.munitions]\nheavy_share = [0.5, 2.0]",
            "2: parameters.munitions.heavy_share: 2.0 is refused (heavy_share",
        ),
        ("[method]\nprior = [", "2: it is not valid TOML"),
    ],
)
def test_what_is_wrong_with_a_sweep_is_one_sentence(desk, text, told):
    with pytest.raises(ParameterError) as error:
        read_sweep(spec(desk, text))

    assert str(error.value).startswith(f"sweep.toml:{told}")
    assert "\n" not in str(error.value)


def test_a_pattern_stands_for_the_dossiers_it_finds(desk):
    write_dossier(desk / "desk/a")
    write_dossier(desk / "desk/b")
    (desk / "desk/no-dossier").mkdir()

    found = read_sweep(spec(desk, 'dossiers = ["desk/*", "harbour"]'))
    assert [named.name for named in found.dossiers] == ["desk/a", "desk/b", "harbour"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.txt", "ends in neither .csv nor .parquet"),
        ("no/a.csv", "there is no such folder"),
        ("a.parquet", "Parquet needs pyarrow"),
    ],
)
def test_a_table_that_could_not_be_written_is_refused_before_anything_runs(desk, monkeypatch, name, told):
    monkeypatch.setattr("claimaudit.cluster.table.find_spec", lambda _: None)
    run = CliRunner().invoke(main, ["sweep", str(spec(desk, THREE)), "--out", str(desk / name)])

    assert run.exit_code == 2
    assert told in run.stderr
    assert len(run.stderr.splitlines()) == 1


def test_the_command_says_what_failed_and_writes_the_rest(desk):
    write_dossier(desk / "torn", sources="source_id,title\n")
    path = spec(desk, THREE.replace('["harbour"]', '["torn", "harbour"]'))
    run = CliRunner().invoke(main, ["sweep", str(path), "--out", str(desk / "table.csv")])

    assert run.exit_code == 1
    assert run.stderr.startswith("claimaudit: torn, dependence = 0.1, supported = 0.7 (and 5 more settings): ")
    assert "12 audits, " in run.stdout
    assert (desk / "table.csv").read_text().count("\nharbour,") == 6 * 10
    assert [path.name for path in desk.iterdir() if path.name.startswith(".")] == []


def test_readers_are_held_against_each_setting(desk):
    """Where no dispute counts and the bar is low, the figs are wrong; a reader who finds both claims unproven agrees elsewhere."""
    table, _ = swept(desk, 'dossiers = ["harbour"]\n[method]\nsupported = [0.55, 1.0]\nconflict_share = 1.0\n')
    (desk / "labels.csv").write_text("claim_id,badge,reader\nE01,Unproven,ann\nM01,Unproven,ann\n")
    arguments = ["agree", str(desk / "labels.csv"), "--dossier", str(desk / "harbour"), "--sweep"]
    run = CliRunner().invoke(main, [*arguments, str(desk / "table.csv")])
    wrong = CliRunner().invoke(main, [*arguments, str(desk / "labels.csv")])

    low, high = run.stdout.splitlines()
    assert low.startswith("supported = 0.55, conflict_share = 1.0: ann, badge: 1 of 2 claims alike")
    assert high.startswith("supported = 1.0, conflict_share = 1.0: ann, badge: 2 of 2 claims alike")
    assert [row["rating"] for row in table if row["vintage"] == "hindsight" and not row["part_id"]] == [
        "Wrong",
        *["Unproven"] * 3,
    ]
    assert wrong.exit_code == 2
    assert "is no table of a sweep in CSV; make one with 'claimaudit sweep'" in wrong.stderr


def test_progress_tells_the_rate_and_the_time_left():
    rate = Rate(1_000, 0.0)
    assert rate.words == "0 of 1,000 audits"
    rate.add(100, 10.0)
    rate.add(100, 20.0)
    assert rate.words == "200 of 1,000 audits, 10 a second, 80 s left"
    rate.add(200, 120.0)  # the first minute no longer counts
    assert rate.words == "400 of 1,000 audits, 2 a second, 5 min left"
