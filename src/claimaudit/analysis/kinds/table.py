"""The kinds of test in this folder, by name."""

from __future__ import annotations

from collections.abc import Mapping

from claimaudit.analysis.kinds.changes import change, two_shares
from claimaudit.analysis.kinds.heard import Test
from claimaudit.analysis.kinds.holders import held_by
from claimaudit.analysis.kinds.lists import list_state
from claimaudit.analysis.kinds.outcomes import forecast, promise
from claimaudit.analysis.kinds.rates import rate
from claimaudit.analysis.kinds.ratios import product, ratio
from claimaudit.analysis.kinds.sizes import of_that_size, printed
from claimaudit.model import TestKind

KINDS: Mapping[TestKind, Test] = {
    TestKind.OF_THAT_SIZE: of_that_size,
    TestKind.PRINTED_FIGURE: printed,
    TestKind.HELD_BY: held_by,
    TestKind.RATIO: ratio,
    TestKind.CHANGE: change,
    TestKind.RATE: rate,
    TestKind.TWO_SHARES: two_shares,
    TestKind.LIST_STATE: list_state,
    TestKind.PROMISE: promise,
    TestKind.PRODUCT: product,
    TestKind.FORECAST: forecast,
}
