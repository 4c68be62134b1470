"""What lifetimes takes for the steps of bench/lifetime_value.py. Runs in its own environment, not in ours."""

from __future__ import annotations

import json
import sys
import time
import warnings

import numpy as np
import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter
from lifetimes.utils import summary_data_from_transaction_data

warnings.filterwarnings("ignore")


def main(path: str) -> None:
    data = np.load(path)
    origin = pd.Timestamp("2024-01-01")
    frame = pd.DataFrame(
        {
            "customer": data["customer"],
            "date": origin + pd.to_timedelta(data["day"], unit="D"),
            "amount": data["amount"],
        }
    )
    end = origin + pd.Timedelta(days=int(data["end_day"]))
    times = {}

    def timed(name, work):
        start = time.process_time()
        result = work()
        times[name] = time.process_time() - start
        return result

    summary = timed(
        "summary",
        lambda: summary_data_from_transaction_data(
            frame, "customer", "date", monetary_value_col="amount", observation_period_end=end
        ),
    )
    x, recency, age = summary["frequency"], summary["recency"], summary["T"]
    model = timed("bg_nbd_fit", lambda: BetaGeoFitter().fit(x, recency, age))
    timed(
        "bg_nbd_predict",
        lambda: model.conditional_expected_number_of_purchases_up_to_time(
            float(data["horizon"]), x, recency, age
        ),
    )
    # Its fit wants a spend above nothing of everyone it is given.
    repeat = summary[(summary["frequency"] > 0) & (summary["monetary_value"] > 0)]
    spending = timed(
        "gamma_gamma_fit", lambda: GammaGammaFitter().fit(repeat["frequency"], repeat["monetary_value"])
    )
    timed(
        "value_12_months",
        lambda: spending.customer_lifetime_value(
            model, x, recency, age, summary["monetary_value"], time=12, discount_rate=0.01, freq="D"
        ),
    )
    print(json.dumps(times))


if __name__ == "__main__":
    main(sys.argv[1])
