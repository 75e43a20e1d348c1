#!/usr/bin/env python3
"""Trains the gradient boosting of scikit-learn or XGBoost on the rows of `polytask split --format csv`, a model for each task.

    polytask split census-income --data data/census --seeds 5 --format csv --out rows
    python3 gradient_boosting.py rows --out boosting
    polytask bench census-income --data data/census --seeds 5 --external boosting=boosting

With `polytask split --folds 5`, it also predicts the training rows, each fold by models of the other folds, so that a network can learn from it:

    polytask split people.json --seeds 1 --folds 5 --format csv --out rows
    python3 gradient_boosting.py rows --out teachers
    polytask train people.json --teacher-predictions teachers/seed-1.csv --out people-model

Needs scikit-learn 1.4 or later and pandas (Debian: python3-sklearn, python3-pandas), and for `--library xgboost` python3-xgboost. The
number of trees is chosen on the validation rows, as Polytask chooses its epochs. All other settings are the library's.
"""

import argparse
import json
import pathlib

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import log_loss, mean_poisson_deviance, mean_squared_error

MOST_CATEGORIES = 250  # scikit-learn allows 255
DATE = "date"  # in place of the categories of a column
NUMBERS = {"regression": ("squared_error", mean_squared_error), "count": ("poisson", mean_poisson_deviance)}  # the losses by kind


def read(folder, part, categories):
    """The rows of a part. Texts become categories: the most frequent ones of the training rows, and one for all others. Dates become numbers."""
    rows = pd.read_csv(folder / f"{part}.csv", dtype={name: str for name in categories} | {"row_id": str}, keep_default_na=False, na_values=[""])
    for name, known in categories.items():
        if known is None:  # of the training rows, which are read first
            known = categories[name] = DATE if are_dates(rows[name]) else list(rows[name].value_counts().index[:MOST_CATEGORIES])
        if known is DATE:
            dates = pd.to_datetime(rows[name], errors="coerce", format="ISO8601", utc=True)
            rows[f"{name}, day of the year"] = dates.dt.dayofyear
            rows[name] = dates.dt.year + dates.dt.dayofyear / 366
            continue
        values = rows[name].where(rows[name].isna() | rows[name].isin(known), "(rare)")
        rows[name] = pd.Categorical(values, categories=list(dict.fromkeys([*known, "(rare)"])))
    return rows


def are_dates(texts):
    """Whether all texts are dates such as 2026-11-29. As categories, those of later rows would be unknown."""
    return pd.to_datetime(texts.dropna(), errors="coerce", format="ISO8601", utc=True).notna().all() and texts.notna().any()


def signed_log(values):
    """What a task with "log": true is trained on: sign(x)·log(1 + |x|)."""
    return np.sign(values) * np.log1p(np.abs(values))


def signed_exp(values):
    return np.sign(values) * np.expm1(np.abs(values))


def scikit_learn(kind, train, validation, loss, trees, seed):
    """A model with the number of trees that is best on the validation rows. Rows are (features, labels, weights)."""
    number = kind in NUMBERS
    make = HistGradientBoostingRegressor if number else HistGradientBoostingClassifier
    options = {"loss": NUMBERS[kind][0]} if number else {}
    model = make(categorical_features="from_dtype", early_stopping=False, max_iter=trees, random_state=seed, **options)
    model.fit(train[0], train[1], sample_weight=train[2])
    staged = model.staged_predict if number else model.staged_predict_proba
    best = int(np.argmin([loss(predictions) for predictions in staged(validation[0])])) + 1

    def predict(rows):
        for count, predictions in enumerate(staged(rows), start=1):
            if count == best:
                return predictions

    return predict, best


def xgboost(kind, train, validation, loss, trees, seed):
    """The same of XGBoost, which stops 50 trees after the best one."""
    from xgboost import XGBClassifier, XGBRegressor

    make = XGBRegressor if kind in NUMBERS else XGBClassifier
    objective = {"objective": "count:poisson"} if kind == "count" else {}
    model = make(n_estimators=trees, early_stopping_rounds=50, enable_categorical=True, random_state=seed, n_jobs=1, **objective)
    model.fit(*train[:2], sample_weight=train[2], eval_set=[validation[:2]], sample_weight_eval_set=[validation[2]], verbose=False)
    return (model.predict if kind in NUMBERS else model.predict_proba), model.best_iteration + 1


LIBRARIES = {"scikit-learn": scikit_learn, "xgboost": xgboost}


def fit(name, task, train, validation, features, options):
    """Predicts a task: numbers, or the shares of the classes that the training rows have. Also their labels, and the number of trees."""
    kind = task["kind"]
    library = LIBRARIES[options["library"]]

    def labeled(rows):
        known = rows[rows[f"{name}.weight"] > 0]
        labels = signed_log(known[f"{name}.label"]) if task.get("log") else known[f"{name}.label"]
        return known[features], labels, known[f"{name}.weight"]

    train, validation = labeled(train), labeled(validation)
    classes = None
    if kind not in NUMBERS:
        classes = np.unique(train[1])
        known = np.isin(validation[1], classes)
        validation = tuple(part[known] for part in validation)
        train, validation = ((x, np.searchsorted(classes, y), w) for x, y, w in (train, validation))

    def loss(predictions):
        _, labels, weights = validation
        if kind in NUMBERS:
            return NUMBERS[kind][1](labels, predictions, sample_weight=weights)
        return log_loss(labels, predictions, sample_weight=weights, labels=np.arange(len(classes)))

    predict, trees = library(kind, train, validation, loss, options["trees"], options["seed"])
    return predict, classes, trees


def columns(name, task, predict, classes, rows):
    """The columns of a task's predictions."""
    kind = task["kind"]
    predictions = predict(rows)
    if kind in NUMBERS:
        return {name: signed_exp(predictions) if task.get("log") else predictions}
    # a class without a training row has the probability 0
    shares = {int(label): predictions[:, i] for i, label in enumerate(classes)}
    share = lambda label: shares.get(label, np.zeros(len(rows)))
    if kind == "binary":
        return {name: share(1)}
    return {f"{name}_{each}": share(i) for i, each in enumerate(task["classes"])}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=pathlib.Path, help="the directory of polytask split --format csv")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the directory of the predictions")
    parser.add_argument("--library", choices=LIBRARIES, default="scikit-learn")
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
            folds = [train["fold"] == fold for fold in sorted(train["fold"].unique())] if "fold" in train else []
            options = {"library": arguments.library, "trees": arguments.trees, "seed": seed}
            parts = {"test": {"row_id": test["row_id"]}, "validation": {"row_id": validation["row_id"]}}
            out_of_fold = [{"row_id": train.loc[own, "row_id"]} for own in folds]
            for name, task in tasks.items():
                for own, part in zip(folds, out_of_fold):
                    predict, classes, _ = fit(name, task, train[~own], validation, features, options)
                    part |= columns(name, task, predict, classes, train.loc[own, features])
                predict, classes, trees = fit(name, task, train, validation, features, options)
                parts["test"] |= columns(name, task, predict, classes, test[features])
                parts["validation"] |= columns(name, task, predict, classes, validation[features])
                print(f"{setting['title'] or split['suite']}, seed {seed}, {name}: {trees} trees", flush=True)
            target = arguments.out / setting["folder"]
            target.mkdir(parents=True, exist_ok=True)
            # the validation rows are for ensembles (polytask score --ensemble) and teachers; the test rows alone are enough for a comparison
            pd.concat([pd.DataFrame(part) for part in [*out_of_fold, *parts.values()]]).to_csv(target / f"seed-{seed}.csv", index=False)


if __name__ == "__main__":
    main()
