#!/usr/bin/env python3
"""Trains the AdaTT authors' PyTorch model on the rows of `polytask split --format csv`.

    git clone https://github.com/facebookresearch/AdaTT
    polytask split census-income --data data/census --seeds 5 --format csv --out rows
    python3 adatt_pytorch.py rows --library AdaTT --out adatt-pytorch
    polytask bench census-income --data data/census --seeds 5 --external adatt-pytorch=adatt-pytorch

Needs PyTorch and pandas (Debian: python3-torch, python3-pandas), and binary tasks, which are all that the library has. Around
the library's model stands what Polytask has around its own: standardized numbers, an embedding for each text column, Adam, and
the epoch that is best on the validation rows (here by the loss).
"""

import argparse
import copy
import json
import pathlib
import sys

import pandas as pd
import torch

EMBEDDING = 8


class Encoder:
    """Numbers standardized by the training rows, and the indices of texts; 0 stands for all that is missing or new."""

    def __init__(self, rows, kinds):
        names = [name for name in kinds if name in rows.columns and name != "row_id" and not name.endswith((".label", ".weight"))]
        self.numbers = [name for name in names if kinds[name] != "text"]
        self.texts = {name: {value: i + 1 for i, value in enumerate(rows[name].dropna().unique())} for name in names if kinds[name] == "text"}
        self.mean, self.deviation = rows[self.numbers].mean(), rows[self.numbers].std().replace(0, 1)

    def __call__(self, rows):
        numbers = ((rows[self.numbers] - self.mean) / self.deviation).fillna(0)
        ids = [rows[name].map(index).fillna(0).astype("int64").to_numpy() for name, index in self.texts.items()]
        columns = torch.stack([torch.from_numpy(each) for each in ids], dim=1) if ids else torch.zeros(len(rows), 0, dtype=torch.long)
        return torch.tensor(numbers.to_numpy(), dtype=torch.float32), columns


class Model(torch.nn.Module):
    """Embeddings, and the library's experts, gates and towers on top. Gives logits [batch, tasks]."""

    def __init__(self, library, encoder, tasks, arguments):
        super().__init__()
        self.embeddings = torch.nn.ModuleList(torch.nn.Embedding(len(index) + 1, EMBEDDING) for index in encoder.texts.values())
        for embedding in self.embeddings:
            torch.nn.init.normal_(embedding.weight, std=0.05)
        configs = library.MtlConfigs(
            mtl_model="att_g",
            num_task_experts=arguments.task_experts,
            num_shared_experts=arguments.shared_experts,
            expert_out_dims=[[width] for width in arguments.widths],
            self_exp_res_connect=True,
        )
        inputs = library.ArchInputs(num_task=tasks, task_mlp=[32], mtl_configs=configs, activation_type="RELU")
        self.model = library.CentralTaskArch(configs, inputs, len(encoder.numbers) + EMBEDDING * len(encoder.texts))

    def forward(self, numbers, ids):
        vectors = [embedding(ids[:, i]) for i, embedding in enumerate(self.embeddings)]
        return torch.cat(self.model(torch.cat([numbers, *vectors], dim=1)), dim=1)


def labels_of(rows, tasks):
    """Labels and weights, [rows, tasks]."""
    tensor = lambda suffix: torch.tensor(rows[[f"{task}.{suffix}" for task in tasks]].fillna(0).to_numpy(), dtype=torch.float32)
    return tensor("label"), tensor("weight")


def loss_of(logits, labels, weights):
    each = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels, weight=weights, reduction="none")
    return (each.sum(dim=0) / weights.sum(dim=0).clamp(min=1)).sum()


def train(model, features, targets, validation, arguments):
    """Trains the model, and gives it the weights of the epoch with the least validation loss."""
    optimizer = torch.optim.Adam(model.parameters(), lr=arguments.learning_rate)
    best, kept, since = float("inf"), None, 0
    for epoch in range(arguments.epochs):
        model.train()
        for rows in torch.randperm(len(features[0])).split(arguments.batch_size):
            optimizer.zero_grad()
            loss_of(model(*(part[rows] for part in features)), *(part[rows] for part in targets)).backward()
            optimizer.step()
        model.eval()
        with torch.no_grad():
            loss = loss_of(model(*validation[0]), *validation[1]).item()
        since += 1
        if loss < best:
            best, kept, since = loss, copy.deepcopy(model.state_dict()), 0
        if since == arguments.patience:
            break
    model.load_state_dict(kept)
    return epoch + 1 - since


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=pathlib.Path, help="the directory of polytask split --format csv")
    parser.add_argument("--library", required=True, help="the folder of mtl_lib.py (facebookresearch/AdaTT)")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="the directory of the predictions")
    parser.add_argument("--widths", type=int, nargs="+", default=[128, 64], help="of the experts, level by level")
    parser.add_argument("--task-experts", type=int, default=1)
    parser.add_argument("--shared-experts", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--batch-size", type=int, default=1024)
    parser.add_argument("--patience", type=int, default=2)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    arguments = parser.parse_args()
    sys.path.insert(0, arguments.library)
    import mtl_lib

    split = json.loads((arguments.rows / "split.json").read_text())
    for setting in split["settings"]:
        tasks, kinds = list(setting["tasks"]), setting["columns"]
        if any(task["kind"] != "binary" for task in setting["tasks"].values()):
            sys.exit("The authors' library has binary tasks alone: name a suite of binary tasks.")
        texts = {name: str for name, kind in kinds.items() if kind == "text"}
        for seed in split["seeds"]:
            torch.manual_seed(seed)
            folder = arguments.rows / setting["folder"] / f"seed-{seed}"
            read = lambda part: pd.read_csv(folder / f"{part}.csv", dtype=texts, keep_default_na=False, na_values=[""])
            training, validation, test = read("train"), read("validation"), read("test")
            encode = Encoder(training, kinds)
            model = Model(mtl_lib, encode, len(tasks), arguments)
            checked = (encode(validation), labels_of(validation, tasks))
            epoch = train(model, encode(training), labels_of(training, tasks), checked, arguments)
            with torch.no_grad():
                predicted = [(rows["row_id"], torch.sigmoid(model(*encode(rows))).double().numpy()) for rows in (test, validation)]
            parts = [pd.DataFrame({"row_id": ids} | {task: values[:, i] for i, task in enumerate(tasks)}) for ids, values in predicted]
            target = arguments.out / setting["folder"]
            target.mkdir(parents=True, exist_ok=True)
            pd.concat(parts).to_csv(target / f"seed-{seed}.csv", index=False)
            print(f"{setting['title'] or split['suite']}, seed {seed}: best epoch {epoch}", flush=True)


if __name__ == "__main__":
    main()
