#!/usr/bin/env python3
"""Times a sparse model's step in PyTorch: 40 categorical fields of 1,000 values, embedded in 8 dimensions each, in front
of the authors' library (mtl_lib.py, read from REFERENCE_DIR). One JSON line a measurement, in the format of the
library's own timing script, for the configuration "embeddings" of `polytask time`.

    env -u OPENBLAS_CORETYPE -u OPENBLAS_L2_SIZE OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 \
      REFERENCE_DIR=... python3 time_embeddings.py --threads 1

NAME is the model behind a table a field (torch.nn.Embedding, 1,000 x 8, then a concatenation), NAME_one_table the model
behind one table of 40,000 x 8 that is read at offsets: what one would write for speed.
Step: forward, mean binary cross-entropy with logits summed over tasks, backward, dense Adam(1e-3). Times in ms.
"""
import argparse, json, os, sys, time
import torch
import torch.nn.functional as F

sys.path.insert(0, os.environ["REFERENCE_DIR"])
import mtl_lib  # noqa: E402

FIELDS, VALUES, DIMENSION = 40, 1000, 8
TASKS, DIMS, TASK_EXPERTS, SHARED, POOL, TOWER, BATCH = 3, [[64], [32]], 2, 1, 6, [16], 1024
ONE_TABLE = "_one_table"


class Tables(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.tables = torch.nn.ModuleList(torch.nn.Embedding(VALUES, DIMENSION) for _ in range(FIELDS))

    def forward(self, ids):
        return torch.cat([table(column) for table, column in zip(self.tables, ids.unbind(1))], 1)


class OneTable(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.table = torch.nn.Embedding(FIELDS * VALUES, DIMENSION)
        self.register_buffer("offsets", torch.arange(FIELDS) * VALUES)

    def forward(self, ids):
        return self.table(ids + self.offsets).flatten(1)


def build(name):
    one = name.endswith(ONE_TABLE)
    model = name[: -len(ONE_TABLE)] if one else name
    network = mtl_lib.CentralTaskArch(
        mtl_lib.MtlConfigs(mtl_model=model, num_task_experts=TASK_EXPERTS,
                           num_shared_experts=POOL if model == "mmoe" else SHARED, expert_out_dims=DIMS),
        mtl_lib.ArchInputs(num_task=TASKS, task_mlp=list(TOWER)), FIELDS * DIMENSION)
    embeddings = OneTable() if one else Tables()
    return embeddings, network


def measure(f, seconds):
    for _ in range(3):
        f()
    times, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until or len(times) < 8:
        start = time.perf_counter()
        f()
        times.append((time.perf_counter() - start) * 1e3)
    times.sort()
    n = len(times)
    return dict(p10=round(times[n // 10], 3), median=round(times[n // 2], 3), p90=round(times[9 * n // 10], 3), runs=n)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--config", default="embeddings", choices=["embeddings"])
    a.add_argument("--threads", type=int, default=1)
    a.add_argument("--models", default="att_sp,att_sp" + ONE_TABLE)
    a.add_argument("--seconds", type=float, default=3.0)
    a.add_argument("--inference", default="1,256,2048", help="batch sizes; empty for none")
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    for name in a.models.split(","):
        torch.manual_seed(0)
        embeddings, network = build(name)
        parameters = [*embeddings.parameters(), *network.parameters()]
        optimiser = torch.optim.Adam(parameters, lr=1e-3)
        x = torch.randint(VALUES, (BATCH, FIELDS))
        y = [(torch.rand(BATCH, 1) < 0.3).float() for _ in range(TASKS)]

        def step():
            optimiser.zero_grad()
            logits = network(embeddings(x))
            sum(F.binary_cross_entropy_with_logits(p, t) for p, t in zip(logits, y)).backward()
            optimiser.step()

        row = dict(framework="torch " + torch.__version__, model=name, config=a.config, threads=a.threads,
                   parameters=sum(p.numel() for p in parameters))
        print(json.dumps(dict(row, what="train step", batch=BATCH, **measure(step, a.seconds))), flush=True)
        for batch in [int(b) for b in a.inference.split(",") if b]:
            z = torch.randint(VALUES, (batch, FIELDS))

            def infer():
                with torch.no_grad():
                    [torch.sigmoid(p) for p in network(embeddings(z))]

            print(json.dumps(dict(row, what="inference", batch=batch, **measure(infer, a.seconds / 3))), flush=True)


main()
