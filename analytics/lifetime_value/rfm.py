"""From single transactions to what the models know of a customer: count, times and spend.

Times are whole days. Purchases of one customer on one day count as one. A day with a cancellation whose lines
net to nothing or less is no purchase; a cancellation on a later day lowers the customer's spend, not the
number of purchases. Something given away (0.00) is a purchase like any other.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
from scipy import sparse

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

# Lookup tables up to this many cells are cheaper than sorting the keys.
_TABLE_CELLS = 50_000_000


@dataclass(frozen=True, slots=True)
class RfmSummary:
    """One row per customer with at least one purchase; rows are in ascending order of `customer`.

    frequency    repeat purchase days, the first not counted (x)
    recency      days from the first purchase to the last (t_x)
    age          days from the first purchase to the end of the observation (T)
    total        net spend of the whole observation, cancellations subtracted
    repeat_total the same less the net of the first purchase day
    first_day    day number of the first purchase, in the numbering of the input
    """

    customer: IntArray
    frequency: IntArray
    recency: IntArray
    age: IntArray
    total: FloatArray
    repeat_total: FloatArray
    first_day: IntArray

    def __len__(self) -> int:
        return len(self.customer)

    def rows(self, some: slice) -> RfmSummary:
        """The summary of some of the customers."""
        return RfmSummary(*(getattr(self, field.name)[some] for field in fields(self)))

    @property
    def purchases(self) -> IntArray:
        """Purchase days, the first one included."""
        return self.frequency + 1

    @property
    def days_since_last(self) -> IntArray:
        """Days from the last purchase to the end of the observation."""
        return self.age - self.recency

    @property
    def mean_spend(self) -> FloatArray:
        """Net spend per purchase day."""
        return self.total / self.purchases

    @property
    def repeat_mean_spend(self) -> FloatArray:
        """Net spend per repeat purchase day; 0 where there was none."""
        return np.divide(
            self.repeat_total,
            self.frequency,
            out=np.zeros(len(self), dtype=np.float64),
            where=self.frequency > 0,
        )


def summarise(
    customer: npt.ArrayLike, day: npt.ArrayLike, amount: npt.ArrayLike, *, end_day: int | None = None
) -> RfmSummary:
    """Summarise transactions; those after `end_day` (default: the last day there is) are left out.

    `customer` holds any integers, `day` integer day numbers, `amount` money in one currency. Raises
    ValueError when the three differ in length or an amount is not a finite number.
    """
    ids, days, amounts = _as_columns(customer, day, amount)
    if end_day is None:
        end_day = int(days.max()) if len(days) else 0
    if len(days) and days.max() > end_day:
        within = days <= end_day
        ids, days, amounts = ids[within], days[within], amounts[within]
    if not len(ids):
        return _empty()
    customers, codes = index_of(ids)
    origin = int(days.min())
    # Counting sort by customer, then by day within each customer: one cell per purchase day, net of that day.
    place = (codes.astype(np.int32), (days - origin).astype(np.int32))
    cells = sparse.coo_array((amounts, place), shape=(len(customers), end_day - origin + 1)).tocsr()
    return _collect(customers, cells, _purchase_cells(cells, codes, days - origin, amounts), origin, end_day)


def index_of(values: IntArray) -> tuple[IntArray, IntArray]:
    """The distinct values in ascending order, and for each value its place among them."""
    low = int(values.min())
    cells = int(values.max()) - low + 1
    if cells > _TABLE_CELLS or cells > 8 * len(values) + 1_000_000:
        distinct, codes = np.unique(values, return_inverse=True)
        return distinct, codes.astype(np.int64, copy=False)
    shifted = values - low
    present = np.zeros(cells, dtype=bool)
    present[shifted] = True
    if present.all():
        return np.arange(low, low + cells), shifted
    place = np.cumsum(present, dtype=np.int64) - 1
    return np.flatnonzero(present) + low, place[shifted]


def _as_columns(
    customer: npt.ArrayLike, day: npt.ArrayLike, amount: npt.ArrayLike
) -> tuple[IntArray, IntArray, FloatArray]:
    ids = np.asarray(customer, dtype=np.int64)
    days = np.asarray(day, dtype=np.int64)
    amounts = np.asarray(amount, dtype=np.float64)
    if not len(ids) == len(days) == len(amounts):
        raise ValueError("customer, day and amount must have the same length")
    if not np.isfinite(amounts).all():
        raise ValueError("every amount must be a finite number")
    return ids, days, amounts


def _purchase_cells(
    cells: sparse.csr_array, codes: IntArray, days: IntArray, amounts: FloatArray
) -> npt.NDArray[np.bool_]:
    """Which (customer, day) cells are purchases: all but those that a cancellation emptied."""
    purchases = np.ones(cells.nnz, dtype=bool)
    cancelled = amounts < 0
    if cancelled.any():
        span = cells.shape[1]
        owners = np.repeat(np.arange(cells.shape[0], dtype=np.int64), np.diff(cells.indptr))
        at = np.searchsorted(owners * span + cells.indices, codes[cancelled] * span + days[cancelled])
        # Sums of money in floating point: a hundredth of a cent is nothing.
        purchases[at[cells.data[at] <= 1e-4]] = False
    return purchases


def _collect(
    customers: IntArray,
    cells: sparse.csr_array,
    purchases: npt.NDArray[np.bool_],
    origin: int,
    end_day: int,
) -> RfmSummary:
    total = np.add.reduceat(cells.data, cells.indptr[:-1])
    days, net = cells.indices, cells.data
    counts = np.diff(cells.indptr)
    if not purchases.all():
        counts = np.add.reduceat(purchases, cells.indptr[:-1], dtype=np.int64)
        days, net = days[purchases], net[purchases]
    buyers = counts > 0
    counts = counts[buyers].astype(np.int64)
    ends = np.cumsum(counts)
    opening = ends - counts
    first, last = days[opening].astype(np.int64), days[ends - 1].astype(np.int64)
    return RfmSummary(
        customer=customers[buyers],
        frequency=counts - 1,
        recency=last - first,
        age=end_day - origin - first,
        total=total[buyers],
        repeat_total=total[buyers] - net[opening],
        first_day=first + origin,
    )


def _empty() -> RfmSummary:
    none = np.zeros(0, dtype=np.int64)
    nothing = np.zeros(0, dtype=np.float64)
    return RfmSummary(none, none, none, none, nothing, nothing, none)
