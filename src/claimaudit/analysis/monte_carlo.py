"""Monte Carlo on a numpy ``Generator`` that the caller passes in: draws of inputs, models of draws, what draws tell."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from claimaudit.analysis.uncertainty import Distribution, Floats


def simulate(
    inputs: Mapping[str, Distribution],
    rng: np.random.Generator,
    n: int,
    *,
    together: Sequence[tuple[str, str, float]] = (),
) -> dict[str, Floats]:
    """``n`` draws of every input by name, each of shape ``(n,)``. ``together`` lists pairs with their rank correlation (-1 to 1).

    Correlation follows Iman and Conover (Communications in Statistics B 11(3), 1982): each input keeps exactly its own
    draws, only their order is changed to follow correlated normal scores. ``ValueError`` when a pair names no input, or
    when the correlations cannot hold together.
    """
    draws = {name: part.sample(rng, n) for name, part in inputs.items()}
    names = list(dict.fromkeys(name for pair in together for name in pair[:2]))
    if not names:
        return draws
    missing = [name for name in names if name not in draws]
    if missing:
        raise ValueError(f"no input is called {missing[0]!r}")
    target = np.eye(len(names))
    for first, second, rho in together:
        i, j = names.index(first), names.index(second)
        # normal scores need 2 sin(pi rho / 6) for a rank correlation of rho (Pearson 1907)
        target[i, j] = target[j, i] = 2 * math.sin(math.pi * rho / 6)
    try:
        root = np.linalg.cholesky(target)
    except np.linalg.LinAlgError:
        raise ValueError("these correlations cannot hold together") from None
    scores = root @ rng.standard_normal((len(names), n))
    for name, score in zip(names, scores, strict=True):
        ordered = np.sort(draws[name])
        ranked = np.empty(n)
        ranked[np.argsort(score)] = ordered
        draws[name] = ranked
    return draws


def monte_carlo(
    model: Callable[..., Floats],
    inputs: Mapping[str, Distribution],
    rng: np.random.Generator,
    n: int,
    *,
    together: Sequence[tuple[str, str, float]] = (),
) -> Floats:
    """Draw every input and put the draws through ``model``, which takes them by name: shape ``(n,)``.

    Raises ``ValueError`` as ``simulate`` does.
    """
    return model(**simulate(inputs, rng, n, together=together))


def share_true(condition: NDArray[np.bool_]) -> tuple[float, float]:
    """The share of draws (0-1) in which something holds, and its simulation error: one binomial standard error.

    ``condition`` has shape ``(n,)``, with n above 0.
    """
    share = float(np.mean(condition))
    return share, math.sqrt(share * (1 - share) / len(condition))


def interval(draws: Floats, mass: float = 0.9) -> tuple[float, float, float]:
    """Low end, median and high end of the central interval that holds ``mass`` (0-1) of the draws, in their unit.

    ``draws`` have shape ``(n,)``; between two of them the quantile is interpolated linearly (Hyndman and Fan 1996, type 7).
    """
    tail = (1 - mass) / 2
    low, mid, high = np.quantile(draws, [tail, 0.5, 1 - tail])
    return float(low), float(mid), float(high)
