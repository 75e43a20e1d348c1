#!/usr/bin/env python3
"""Trains scikit-learn's gradient boosting on the rows of `polytask split --format csv`, a model for each task.

    polytask split census-income --data data/census --seeds 5 --format csv --out rows
    python3 gradient_boosting.py rows --out boosting
    polytask bench census-income --data data/census --seeds 5 --external boosting=boosting

Needs scikit-learn 1.4 or later and pandas (Debian: python3-sklearn, python3-pandas). The number of trees is chosen on the
validation rows, as Polytask chooses its epochs. All other settings are scikit-learn's.
"""

import argparse
import json
import pathlib

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import log_loss, mean_poisson_deviance, mean_squared_error

MOST_CATEGORIES = 250  # scikit-learn allows 255
NUMBERS = {"regression": ("squared_error", mean_squared_error), "count": ("poisson", mean_poisson_deviance)}  # the losses by kind


def read(folder, part, categories):
    """The rows of a part. Texts become categories: the most frequent ones of the training rows, and one for all others."""
    rows = pd.read_csv(folder / f"{part}.csv", dtype={name: str for name in categories} | {"row_id": str}, keep_default_na=False, na_values=[""])
    for name, known in categories.items():
        if known is None:
            known = categories[name] = list(rows[name].value_counts().index[:MOST_CATEGORIES])
        values = rows[name].where(rows[name].isna() | rows[name].isin(known), "(rare)")
        rows[name] = pd.Categorical(values, categories=list(dict.fromkeys([*known, "(rare)"])))
    return rows


def signed_log(values):
    """What a task with "log": true is trained on: sign(x)·log(1 + |x|)."""
    return np.sign(values) * np.log1p(np.abs(values))


def signed_exp(values):
    return np.sign(values) * np.expm1(np.abs(values))


def staged(model, rows, kind):
    return model.staged_predict(rows) if kind in NUMBERS else model.staged_predict_proba(rows)


def fit(name, task, train, validation, features, options):
    """A model for a task, and the number of trees that is best on the validation rows."""
    kind = task["kind"]
    labeled, checked = (rows[rows[f"{name}.weight"] > 0] for rows in (train, validation))
    make = HistGradientBoostingRegressor if kind in NUMBERS else HistGradientBoostingClassifier
    if kind in NUMBERS:
        options = options | {"loss": NUMBERS[kind][0]}
    model = make(categorical_features="from_dtype", early_stopping=False, **options)
    targets, labels = (signed_log(rows[f"{name}.label"]) if task.get("log") else rows[f"{name}.label"] for rows in (labeled, checked))
    model.fit(labeled[features], targets, sample_weight=labeled[f"{name}.weight"])
    weights = checked[f"{name}.weight"]

    def loss(predictions):
        if kind in NUMBERS:
            return NUMBERS[kind][1](labels, predictions, sample_weight=weights)
        return log_loss(labels, predictions, sample_weight=weights, labels=model.classes_)

    losses = [loss(predictions) for predictions in staged(model, checked[features], kind)]
    return model, int(np.argmin(losses)) + 1


def columns(name, task, model, trees, rows):
    """The columns of a task's predictions."""
    kind = task["kind"]
    for count, predictions in enumerate(staged(model, rows, kind), start=1):
        if count == trees:
            break
    if kind in NUMBERS:
        return {name: signed_exp(predictions) if task.get("log") else predictions}
    # a class without a training row has the probability 0
    shares = {int(label): predictions[:, i] for i, label in enumerate(model.classes_)}
    share = lambda label: shares.get(label, np.zeros(len(rows)))
    if kind == "binary":
        return {name: share(1)}
    return {f"{name}[{i}]": share(i) for i in range(len(task["classes"]))}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=pathlib.Path, help="the directory of polytask split --format csv")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the directory of the predictions")
    parser.add_argument("--trees", type=int, default=300, help="the most trees of a model")
    arguments = parser.parse_args()
    split = json.loads((arguments.rows / "split.json").read_text())
    for setting in split["settings"]:
        tasks = setting["tasks"]
        for seed in split["seeds"]:
            folder = arguments.rows / setting["folder"] / f"seed-{seed}"
            categories = {name: None for name, kind in setting["columns"].items() if kind == "text" and name != "row_id"}
            train, validation, test = (read(folder, part, categories) for part in ("train", "validation", "test"))
            features = [name for name in test.columns if name != "row_id"]
            options = {"max_iter": arguments.trees, "random_state": seed}
            parts = {"test": {"row_id": test["row_id"]}, "validation": {"row_id": validation["row_id"]}}
            for name, task in tasks.items():
                model, trees = fit(name, task, train, validation, features, options)
                parts["test"] |= columns(name, task, model, trees, test[features])
                parts["validation"] |= columns(name, task, model, trees, validation[features])
                print(f"{setting['title'] or split['suite']}, seed {seed}, {name}: {trees} trees", flush=True)
            target = arguments.out / setting["folder"]
            target.mkdir(parents=True, exist_ok=True)
            # the validation rows are for ensembles (polytask score --ensemble); the test rows alone are enough for a comparison
            pd.concat([pd.DataFrame(part) for part in parts.values()]).to_csv(target / f"seed-{seed}.csv", index=False)


if __name__ == "__main__":
    main()
