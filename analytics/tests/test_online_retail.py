"""The models on a year of a real gift shop, learned without its last 90 days."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analytics.lifetime_value import summarise
from analytics.scoring import back_test, fit_models, score


@pytest.fixture(scope="module")
def orders(request):
    folder = request.getfixturevalue("sample_data")
    columns = ["InvoiceNo", "InvoiceDate", "UnitPrice", "Quantity", "CustomerID"]
    lines = pd.read_csv(
        folder / "retail" / "online_retail.csv.gz",
        usecols=columns,
        encoding="latin-1",
        dtype={"InvoiceNo": str},
    ).dropna(subset=["CustomerID"])
    moment = pd.to_datetime(lines["InvoiceDate"])
    lines["day"] = (moment - pd.Timestamp("1970-01-01")).dt.days
    lines["amount"] = lines["UnitPrice"] * lines["Quantity"]
    invoices = lines.groupby("InvoiceNo").agg(
        customer=("CustomerID", "first"), day=("day", "first"), amount=("amount", "sum")
    )
    return (
        invoices["customer"].to_numpy(np.int64),
        invoices["day"].to_numpy(np.int64),
        invoices["amount"].to_numpy(np.float64),
    )


def test_back_test_foretells_who_stays_away(orders):
    customer, day, amount = orders
    tested = back_test(customer, day, amount, end_day=int(day.max()), days=90)
    churn = tested["churn"]
    assert round(churn["auc"], 3) == 0.73
    assert round(churn["log_loss"], 3) == 0.607
    assert tested["customers"] == 3367


def test_every_customer_with_a_purchase_is_scored(orders):
    customer, day, amount = orders
    summary = summarise(customer, day, amount, end_day=int(day.max()))
    models = fit_models(summary)
    scores = score(models, summary, horizon_days=90)
    assert len(summary) == 4335
    assert np.isfinite(scores.lifetime_value).all()
    assert ((scores.churn > 0) & (scores.churn < 1)).all()
