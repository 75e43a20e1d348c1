"""Cases of the AdaTT authors' PyTorch library: random configurations, or given ones.

    python3 generate_cases.py --library DIR --out DIR [--cases 20] [--seed 1] [CONFIGURATION.json ...]

DIR of the library holds its mtl_lib.py (facebookresearch/AdaTT). Each case is NAME.json, the configuration, and
NAME.safetensors: param.*, input, labels, logits, task_losses, grad.*, and after some steps of Adam loss_curve (losses
before each step), trained.* and trained_logits. Needs torch alone.
"""

import argparse
import json
import random
import struct
import sys
from pathlib import Path

import torch

LOSS = "sum over tasks of the batch mean of binary cross-entropy with logits"
MODELS = ["att_sp", "att_g", "ple", "mmoe", "cross_st", "share_bottom"]


def build(lib, c):
    """The library's model. What its classes take and CentralTaskArch doesn't pass on is built and put into it."""
    experts, dims = c["num_task_experts"], c["expert_out_dims"]
    listed = c["model"] == "att_g" and isinstance(experts, list)
    configs = lib.MtlConfigs(
        mtl_model=c["model"],
        num_task_experts=1 if listed else experts,
        num_shared_experts=c["num_shared_experts"],
        expert_out_dims=dims,
        self_exp_res_connect=c["self_exp_res_connect"] and not listed,
    )
    tower = c["task_mlp"] or [1]
    opts = lib.ArchInputs(num_task=c["num_tasks"], task_mlp=tower, mtl_configs=configs, activation_type=c["activation"])
    model = lib.CentralTaskArch(configs, opts, c["input_dim"])
    if listed:
        model.mtl_arch = lib.AdaTTWSharedExps(
            input_dim=c["input_dim"],
            expert_out_dims=dims,
            num_tasks=c["num_tasks"],
            num_shared_experts=c["num_shared_experts"],
            num_task_expert_list=list(experts),
            self_exp_res_connect=c["self_exp_res_connect"],
            activation=c["activation"],
        )
    if c.get("gate_archs"):
        model.mtl_arch = lib.MLMMoE(
            input_dim=c["input_dim"],
            expert_archs=dims,
            gate_archs=c["gate_archs"],
            num_tasks=c["num_tasks"],
            num_experts=c["num_shared_experts"],
            activation=c["activation"],
        )
    if not c["task_mlp"]:
        for tower in model.task_modules:
            tower[0], tower[1] = lib.MLP(dims[-1][-1], [], c["activation"]), torch.nn.Linear(dims[-1][-1], 1)
    return model


def run(lib, c, seed):
    torch.manual_seed(seed)
    model = build(lib, c)
    tasks, size, adam = c["num_tasks"], c["batch"], c["adam"]
    x, labels = torch.randn(size, c["input_dim"]), torch.bernoulli(torch.full((size, tasks), 0.4))
    named = dict(model.named_parameters())
    tensors = {f"param.{name}": value.detach().clone() for name, value in named.items()}

    def losses():
        logits = torch.cat(model(x), dim=1)
        each = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels, reduction="none").mean(dim=0)
        return logits, each

    logits, each = losses()
    each.sum().backward()
    gradients = {f"grad.{name}": gradient(value) for name, value in named.items()}
    tensors |= {"input": x, "labels": labels, "logits": logits.detach(), "task_losses": each.detach()} | gradients

    optimizer = torch.optim.Adam(
        model.parameters(), lr=adam["learning_rate"], betas=(adam["beta1"], adam["beta2"]), eps=adam["epsilon"]
    )
    curve = []
    for _ in range(adam["steps"]):
        optimizer.zero_grad()
        _, each = losses()
        curve.append(each.detach().clone())
        each.sum().backward()
        optimizer.step()
    tensors |= {"loss_curve": torch.stack(curve)} | {f"trained.{name}": value.detach() for name, value in named.items()}
    return tensors | {"trained_logits": torch.cat(model(x), dim=1).detach()}


def gradient(parameter):
    return torch.zeros_like(parameter) if parameter.grad is None else parameter.grad.detach().clone()


def write_safetensors(path, tensors):
    """8 bytes of header length, a JSON header, the numbers: the whole of the format."""
    header, blobs, end = {}, [], 0
    for name, tensor in tensors.items():
        blobs.append(tensor.to(torch.float32).contiguous().numpy().tobytes())
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [end, end + len(blobs[-1])]}
        end += len(blobs[-1])
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def random_configuration(draw, number):
    """Every architecture in turn, with whatever its class allows."""
    model = MODELS[number % len(MODELS)]
    tasks = draw.choice([1, 2, 2, 3, 3, 4, 5])
    levels = [[draw.randint(1, 24) for _ in range(draw.choice([1, 1, 2, 3]))] for _ in range(draw.choice([1, 2, 2, 3]))]
    each, shared, residual = draw.randint(1, 4), draw.randint(1, 4), draw.random() < 0.7
    if model in ("att_g", "ple") and draw.random() < 0.5:
        least = 1 if model == "att_g" and residual else 0
        each = [draw.randint(least, 4) for _ in range(tasks)]
    if model == "att_g" and draw.random() < 0.2:
        each, shared = 1, 1  # the residual is 1 then, and not learned
    if model == "att_g" and not residual and draw.random() < 0.5:
        each, shared = (each, 0) if draw.random() < 0.5 and each not in (0, [0] * tasks) else (0, shared)
    if model == "share_bottom" and draw.random() < 0.3:
        levels.insert(0, [])
    configuration = {
        "name": f"{model.replace('_', '-')}-{number}",
        "model": model,
        "input_dim": draw.randint(1, 40),
        "num_tasks": tasks,
        "expert_out_dims": levels,
        "num_task_experts": each,
        "num_shared_experts": shared,
        "self_exp_res_connect": residual,
        "task_mlp": [draw.randint(1, 20) for _ in range(draw.choice([0, 1, 1, 1, 2, 3]))],
        "activation": "RELU",
        "batch": draw.choice([1, 2, 16, 37, 64, 200]),
        "adam": {
            "steps": draw.choice([1, 5, 10, 20]),
            "learning_rate": draw.choice([1e-3, 1e-2]),
            "beta1": draw.choice([0.9, 0.9, 0.8]),
            "beta2": draw.choice([0.999, 0.999, 0.99]),
            "epsilon": draw.choice([1e-8, 1e-7]),
        },
        "loss": LOSS,
    }
    if model == "mmoe" and draw.random() < 0.4:
        configuration["gate_archs"] = [[draw.randint(1, 8) for _ in range(draw.randint(0, 2))] for _ in levels]
    return configuration


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", required=True, type=Path, help="the folder of mtl_lib.py")
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--cases", type=int, default=20, help="how many random ones, where no configuration is given")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("configurations", nargs="*", type=Path)
    options = parser.parse_args()
    sys.path.insert(0, str(options.library))
    import mtl_lib as lib

    torch.set_num_threads(1)
    draw = random.Random(options.seed)
    given = [json.loads(path.read_text()) for path in options.configurations]
    options.out.mkdir(parents=True, exist_ok=True)
    for i, c in enumerate(given or [random_configuration(draw, n) for n in range(options.cases)]):
        tensors = run(lib, c, options.seed * 1000 + i)
        (options.out / f"{c['name']}.json").write_text(json.dumps(c, indent=1))
        write_safetensors(options.out / f"{c['name']}.safetensors", tensors)


if __name__ == "__main__":
    main()
