"""The same work in PyTorch, for `NativeDL.Bench compare`.

A server on standard input and output, one JSON object a line:

    {"do": "hello"}                                      -> {"name": "PyTorch 1.13.0", "threads": 2, ...}
    {"do": "prepare", "case": "cnn-step"}                -> {"setting": "2 threads, channels last", "facts": {...}}
    {"do": "round", "case": "cnn-step", "seconds": 0.1}  -> {"ms": [...]}   one number a sample
    {"do": "drop", "case": "cnn-step"}                   -> {}

Preparing tries every number of threads, and every variant a PyTorch user would think of (memory format,
fused optimizer loops), and keeps the fastest: the peer is measured at its best.
Answers that begin with {"error": ...} say what went wrong.
"""

import json
import os
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

CASES = {}


def case(name, **variants):
    """Registers a case: a function that makes, for one choice of its variants, (step, facts)."""
    def register(make):
        CASES[name] = (make, variants)
        return make
    return register


# ---- training steps ----------------------------------------------------------------------------

def training_step(model, x, y, foreach):
    model.train()
    # The rate is so small that the one batch is not learned by heart: gradients stay those of a training.
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-7, foreach=foreach)
    loss_of = nn.CrossEntropyLoss()

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step, {"parameters": sum(p.numel() for p in model.parameters())}


@case("cnn-step", channels_last=[False, True], foreach=[False, True])
def cnn_step(channels_last, foreach):
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(1600, 10))
    x = torch.rand(128, 1, 28, 28)
    if channels_last:
        model, x = model.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    return training_step(model, x, torch.randint(0, 10, (128,)), foreach)


@case("mlp-step", foreach=[False, True])
def mlp_step(foreach):
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Dropout(0.2), nn.Linear(128, 10))
    return training_step(model, torch.rand(128, 784), torch.randint(0, 10, (128,)), foreach)


# ---- single operations -------------------------------------------------------------------------

def gemm(n):
    a, b, c = torch.randn(n, n), torch.randn(n, n), torch.empty(n, n)
    return lambda: torch.mm(a, b, out=c), {}


for size in (64, 256, 1024):
    CASES[f"gemm-{size}"] = ((lambda n: lambda: gemm(n))(size), {})


def rotating(make, count):
    """Steps over several buffers in turn, so that together they exceed the last cache."""
    steps = [make() for _ in range(count)]
    at = [0]

    def step():
        at[0] = (at[0] + 1) % count
        return steps[at[0]]()

    return step, {}


def no_grad(call):
    def step():
        with torch.no_grad():
            return call()
    return step


@case("softmax-4096x1024")
def softmax():
    def make():
        x = torch.randn(4096, 1024)
        return no_grad(lambda: torch.softmax(x, -1))
    return rotating(make, 4)


@case("layernorm-4096x768")
def layer_norm():
    def make():
        x, gain, bias = torch.randn(4096, 768), torch.rand(768), torch.rand(768)
        return no_grad(lambda: F.layer_norm(x, (768,), gain, bias))
    return rotating(make, 4)


@case("relu-16M")
def relu():
    x = torch.randn(16 << 20)
    return no_grad(lambda: torch.relu(x)), {}


@case("adam-10M", foreach=[False, True])
def adam(foreach):
    p = nn.Parameter(torch.randn(10_000_000))
    p.grad = torch.randn(10_000_000)
    optimizer = torch.optim.Adam([p], lr=1e-3, foreach=foreach)
    return optimizer.step, {}


def conv_forward(n, side, c, f, channels_last):
    x, w, b = torch.randn(n, c, side, side), torch.randn(f, c, 3, 3), torch.randn(f)
    if channels_last:
        x, w = (t.contiguous(memory_format=torch.channels_last) for t in (x, w))
    return no_grad(lambda: F.conv2d(x, w, b, padding=1)), {}


def conv_both(n, side, c, f, channels_last):
    x, w, b = torch.randn(n, c, side, side), torch.randn(f, c, 3, 3), torch.randn(f)
    dy = torch.randn(n, f, side, side)
    if channels_last:
        x, w, dy = (t.contiguous(memory_format=torch.channels_last) for t in (x, w, dy))
    x.requires_grad_(), w.requires_grad_(), b.requires_grad_()

    def step():
        x.grad = w.grad = b.grad = None
        F.conv2d(x, w, b, padding=1).backward(dy)

    return step, {}


for name, shape in {"c1": (8, 56, 64, 64), "c3": (32, 32, 3, 32), "c4": (32, 28, 1, 32)}.items():
    CASES[f"conv-{name}-forward"] = ((lambda s: lambda channels_last: conv_forward(*s, channels_last))(shape), {"channels_last": [False, True]})
    CASES[f"conv-{name}-both"] = ((lambda s: lambda channels_last: conv_both(*s, channels_last))(shape), {"channels_last": [False, True]})


@case("batchnorm-n3-both", channels_last=[False, True])
def batch_norm(channels_last):
    layer = nn.BatchNorm2d(64)
    x, dy = torch.randn(32, 64, 56, 56), torch.randn(32, 64, 56, 56)
    if channels_last:
        x, dy = (t.contiguous(memory_format=torch.channels_last) for t in (x, dy))
    x.requires_grad_()

    def step():
        x.grad = layer.weight.grad = layer.bias.grad = None
        layer(x).backward(dy)

    return step, {}


@case("add-64")
def add():
    x, y = torch.rand(64), torch.rand(64)
    return no_grad(lambda: torch.add(x, y)), {}


@case("add-64-recorded")
def add_recorded():
    x, y = torch.rand(64, requires_grad=True), torch.rand(64)
    return lambda: torch.add(x, y), {}


# ---- measuring ---------------------------------------------------------------------------------

class Prepared:
    def __init__(self, step, threads, repeats, setting, facts):
        self.step, self.threads, self.repeats, self.setting, self.facts = step, threads, repeats, setting, facts


def sample(step, repeats):
    start = time.perf_counter()
    for _ in range(repeats):
        step()
    return (time.perf_counter() - start) / repeats * 1e3


def warm_minimum(step, repeats, least_seconds=0.25, most_seconds=3):
    """Runs until the minimum has not fallen by 2 % for a while."""
    best, last_fall, start = float("inf"), time.perf_counter(), time.perf_counter()
    while True:
        ms = sample(step, repeats)
        now = time.perf_counter()
        if ms < 0.98 * best:
            last_fall = now
        best = min(best, ms)
        if now - start > most_seconds or now - last_fall > least_seconds:
            return best


def combinations(variants):
    found = [{}]
    for name, values in variants.items():
        found = [dict(chosen, **{name: value}) for chosen in found for value in values]
    return found


def in_words(threads, chosen):
    words = [f"{threads} thread" + ("s" if threads > 1 else "")]
    words += [name.replace("_", " ") for name, value in chosen.items() if value]
    return ", ".join(words)


def prepare(name):
    make, variants = CASES[name]
    best = None
    for chosen in combinations(variants):
        torch.manual_seed(1)
        step, facts = make(**chosen)
        for threads in range(1, (os.cpu_count() or 1) + 1):
            torch.set_num_threads(threads)
            step()
            repeats = max(1, min(100_000, int(1.0 / max(sample(step, 1), 1e-4))))
            ms = warm_minimum(step, repeats)
            if best is None or ms < best[0]:
                best = (ms, Prepared(step, threads, repeats, in_words(threads, chosen), facts))
    return best[1]


def round_of(prepared, seconds):
    torch.set_num_threads(prepared.threads)
    prepared.step()
    samples, end = [], time.perf_counter() + seconds
    while not samples or time.perf_counter() < end:
        samples.append(sample(prepared.step, prepared.repeats))
    return samples


def answer(request, ready):
    what = request["do"]
    if what == "hello":
        return {"name": f"PyTorch {torch.__version__.split('+')[0]}", "threads": os.cpu_count(), "cases": sorted(CASES)}
    name = request["case"]
    if what == "prepare":
        ready[name] = prepare(name)
        return {"setting": ready[name].setting, "facts": ready[name].facts}
    if what == "round":
        return {"ms": round_of(ready[name], request["seconds"])}
    if what == "drop":
        ready.pop(name, None)
        return {}
    raise ValueError(f"there is no request '{what}'")


def main():
    # Whatever libraries print must not stand between the answers.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    ready = {}
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line), ready)
        except Exception as failure:
            reply = {"error": f"{type(failure).__name__}: {failure}"}
        answers.write(json.dumps(reply) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
