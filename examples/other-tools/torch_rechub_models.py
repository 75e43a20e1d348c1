#!/usr/bin/env python3
"""Trains a model of torch-rechub on the rows of `polytask split --format csv`, with the sizes of its census example.

    pip install torch-rechub
    polytask split census-two-tasks --data data/census --seeds 5 --format csv --out rows
    python3 torch_rechub_models.py rows --model MMOE --out rechub-mmoe
    polytask bench census-two-tasks --data data/census --seeds 5 --external rechub-mmoe=rechub-mmoe

Needs torch-rechub, and binary tasks. Models, losses, optimizer and the choice of the epoch, by the AUC of the first task, are the library's. Batches are cut here:
its data loader takes rows one by one.
"""

import argparse
import contextlib
import io
import json
import pathlib
import sys
import tempfile
import time

import pandas as pd
import torch

MODELS = ("SharedBottom", "MMOE", "PLE", "AITM")


class Encoder:
    """Numbers between 0 and 1 by the training rows, and the indices of texts; 0 stands for all that is missing or new."""

    def __init__(self, rows, kinds):
        names = [name for name in kinds if name in rows.columns and name != "row_id" and not name.endswith((".label", ".weight"))]
        self.numbers = [name for name in names if kinds[name] != "text"]
        self.texts = {name: {value: i + 1 for i, value in enumerate(rows[name].dropna().unique())} for name in names if kinds[name] == "text"}
        self.least, self.span = rows[self.numbers].min(), (rows[self.numbers].max() - rows[self.numbers].min()).replace(0, 1)

    def __call__(self, rows):
        numbers = ((rows[self.numbers] - self.least) / self.span).fillna(0)
        ids = {name: torch.from_numpy(rows[name].map(index).fillna(0).astype("int64").to_numpy()) for name, index in self.texts.items()}
        return ids | {name: torch.tensor(numbers[name].to_numpy(), dtype=torch.float32) for name in self.numbers}

    def features(self, library):
        sparse = [library.SparseFeature(name, len(index) + 1, embed_dim=4) for name, index in self.texts.items()]
        return sparse + [library.DenseFeature(name) for name in self.numbers]


class Batches:
    """What the library's trainer reads: an iterable of columns by name, and labels [batch, tasks]."""

    def __init__(self, columns, labels, size, shuffled):
        self.columns, self.labels, self.size, self.shuffled = columns, labels, size, shuffled

    def __len__(self):
        return -(-len(self.labels) // self.size)

    def __iter__(self):
        count = len(self.labels)
        for rows in (torch.randperm(count) if self.shuffled else torch.arange(count)).split(self.size):
            yield {name: column[rows] for name, column in self.columns.items()}, self.labels[rows]


def build(name, features, tasks):
    """A model with the sizes of the library's examples/ranking/run_census.py."""
    from torch_rechub.models import multi_task as library

    kinds, towers = ["classification"] * tasks, [{"dims": [8]} for _ in range(tasks)]
    if name == "SharedBottom":
        return library.SharedBottom(features, kinds, bottom_params={"dims": [117]}, tower_params_list=towers)
    if name == "MMOE":
        return library.MMOE(features, kinds, 8, expert_params={"dims": [16]}, tower_params_list=towers)
    if name == "PLE":
        sizes = {"n_level": 1, "n_expert_specific": 2, "n_expert_shared": 1, "expert_params": {"dims": [16]}}
        return library.PLE(features, kinds, **sizes, tower_params_list=towers)
    return library.AITM(features, tasks, bottom_params={"dims": [32, 16]}, tower_params_list=towers)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=pathlib.Path, help="the directory of polytask split --format csv")
    parser.add_argument("--model", choices=MODELS, default="MMOE")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the directory of the predictions")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch-size", type=int, default=1024)
    parser.add_argument("--patience", type=int, default=3)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--weight-decay", type=float, default=1e-4)
    arguments = parser.parse_args()
    from torch_rechub.basic import features as library
    from torch_rechub.trainers import MTLTrainer

    split = json.loads((arguments.rows / "split.json").read_text())
    for setting in split["settings"]:
        tasks, kinds = list(setting["tasks"]), setting["columns"]
        if any(task["kind"] != "binary" for task in setting["tasks"].values()):
            sys.exit("The script has binary tasks alone: name a suite of binary tasks.")
        texts = {name: str for name, kind in kinds.items() if kind == "text"}
        for seed in split["seeds"]:
            begin = time.time()
            torch.manual_seed(seed)
            folder = arguments.rows / setting["folder"] / f"seed-{seed}"
            read = lambda part: pd.read_csv(folder / f"{part}.csv", dtype=texts | {"row_id": str}, keep_default_na=False, na_values=[""])
            train, validation, test = map(read, ("train", "validation", "test"))
            encoder = Encoder(train, kinds)
            labels = lambda rows: torch.tensor(rows[[f"{task}.label" for task in tasks]].to_numpy(), dtype=torch.float32)
            batches = lambda rows, shuffled: Batches(encoder(rows), labels(rows), arguments.batch_size, shuffled)
            with tempfile.TemporaryDirectory() as scratch, contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                trainer = MTLTrainer(
                    build(arguments.model, encoder.features(library), len(tasks)),
                    task_types=["classification"] * len(tasks),
                    optimizer_params={"lr": arguments.learning_rate, "weight_decay": arguments.weight_decay},
                    n_epoch=arguments.epochs,
                    earlystop_patience=arguments.patience,
                    model_path=scratch,
                )
                trainer.fit(batches(train, True), batches(validation, False))
                if trainer.early_stopper.best_weights:  # the library takes them only where it stops early
                    trainer.model.load_state_dict(trainer.early_stopper.best_weights)
            trainer.model.eval()
            with torch.no_grad():
                parts = [pd.DataFrame(trainer.model(encoder(rows)).numpy(), columns=tasks).assign(row_id=rows["row_id"]) for rows in (validation, test)]
            target = arguments.out / setting["folder"]
            target.mkdir(parents=True, exist_ok=True)
            pd.concat(parts).to_csv(target / f"seed-{seed}.csv", index=False)
            print(f"seed {seed}: {time.time() - begin:.0f} s", flush=True)


if __name__ == "__main__":
    main()
