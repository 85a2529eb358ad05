"""Models: code that judges parts no declarative test can, registered by name and named by a dossier.

A model is a module with ``TITLE``, a frozen ``Parameters`` dataclass, ``findings(view, parameters)`` for the topic's parts of
kind ``model``, ``knobs(view, parameters)`` for its inputs that may be turned and ``shown_rows(dossier)``. What is expensive
and the same whatever trust rows are given, it may offer as ``prepare(view, parameters)``: a sweep hands that to
``findings(view, parameters, prepared)`` for view after view.

A package registers its models under the entry-point group ``claimaudit.models``; ``topics.toml`` says which topic uses which.
A dossier can only name what is registered: no table leads to a module by its path.
"""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from claimaudit.dossier.dossier import Dossier

GROUP = "claimaudit.models"
NOT_INSTALLED = "not judged: model {} is not installed"


@cache
def registered() -> dict[str, EntryPoint]:
    """The models that installed packages offer, by name."""
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def missing_model(dossier: Dossier, topic: str) -> str:
    """The name of the model that a topic needs and that is not installed; empty where nothing is missing."""
    name = dossier.topics.models.get(topic, "")
    return "" if name in registered() else name


def model_of(dossier: Dossier, topic: str) -> ModuleType | None:
    """The model the dossier names for a topic; ``None`` where it names none, or one that is not installed.

    What cannot be judged without it says so (``missing_model``). Whatever the model's own import raises is passed on.
    """
    name = dossier.topics.models.get(topic)
    if not name or missing_model(dossier, topic):
        return None
    module: ModuleType = registered()[name].load()
    return module
