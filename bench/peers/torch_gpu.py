"""The rows of `NativeDL.Bench gpu` in PyTorch on the same card: torch_gpu.py [--out file] [--only part-of-a-name] [--compile]

For each row: milliseconds a call by events, call after call (eager), replayed as a CUDA graph, and with --compile the same
through torch.compile, whose mode is named. TF32 is off: float32 means float32. One JSON file, rows by name.
"""

import argparse
import json
import statistics

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.backends.cuda.matmul.allow_tf32 = False
torch.backends.cudnn.allow_tf32 = False
torch.backends.cudnn.benchmark = True  # convolutions choose their algorithm by trying
device = "cuda"

CASES = {}


def case(name):
    def register(make):
        CASES[name] = make
        return make
    return register


def rand(*shape):
    return torch.randn(*shape, device=device)


def both(work, operands, shape):
    """Forward, and the gradients of all operands by a drawn one of the result."""
    for x in operands:
        x.requires_grad_()
    dy = rand(*shape)
    return lambda: torch.autograd.grad(work(*operands), operands, dy)


def forward(work, *operands):
    def step():
        with torch.no_grad():
            return work(*operands)
    return step


N, ROWS, COLUMNS = 1 << 26, 65_536, 1024

CASES["add"] = lambda: forward(torch.add, rand(N), rand(N))
CASES["add-rows"] = lambda: forward(torch.add, rand(ROWS, COLUMNS), rand(COLUMNS))
CASES["exp"] = lambda: forward(torch.exp, rand(N))
CASES["bias-gelu"] = lambda: forward(lambda x, b: F.gelu(x + b), rand(16_384, 3072), rand(3072))
CASES["transpose"] = lambda: forward(lambda x: x.t().contiguous(), rand(8192, 8192))
CASES["sum"] = lambda: forward(torch.sum, rand(N))
CASES["sum-rows"] = lambda: forward(lambda x: x.sum(1), rand(ROWS, COLUMNS))
CASES["sum-columns"] = lambda: forward(lambda x: x.sum(0), rand(ROWS, COLUMNS))
CASES["softmax"] = lambda: forward(lambda x: torch.softmax(x, -1), rand(ROWS, COLUMNS))
CASES["softmax-both"] = lambda: both(lambda x: torch.softmax(x, -1), [rand(ROWS, COLUMNS)], (ROWS, COLUMNS))
CASES["layer-norm"] = lambda: forward(lambda x, g, b: F.layer_norm(x, (COLUMNS,), g, b), rand(ROWS, COLUMNS), rand(COLUMNS), rand(COLUMNS))
CASES["layer-norm-both"] = lambda: both(lambda x, g, b: F.layer_norm(x, (COLUMNS,), g, b), [rand(ROWS, COLUMNS), rand(COLUMNS), rand(COLUMNS)], (ROWS, COLUMNS))


@case("cross-entropy-both")
def cross_entropy():
    logits, target = rand(2048, 32_000).requires_grad_(), torch.randint(0, 32_000, (2048,), device=device)
    return lambda: torch.autograd.grad(F.cross_entropy(logits, target), logits)


for size in (256, 1024, 4096):
    CASES[f"gemm-{size}"] = lambda size=size: forward(torch.mm, rand(size, size), rand(size, size))
CASES["gemm-nt"] = lambda: forward(lambda x, y: torch.mm(x, y.t()), rand(4096, 4096), rand(4096, 4096))
CASES["gemm-tn"] = lambda: forward(lambda x, y: torch.mm(x.t(), y), rand(4096, 4096), rand(4096, 4096))
for name, size, product in [("1024", 1024, torch.mm), ("4096", 4096, torch.mm), ("nt", 4096, lambda x, y: torch.mm(x, y.t())),
                            ("tn", 4096, lambda x, y: torch.mm(x.t(), y)), ("8192", 8192, torch.mm)]:
    CASES[f"gemm-bf16-{name}"] = lambda size=size, product=product: forward(product, rand(size, size).bfloat16(), rand(size, size).bfloat16())


def convolution(n, side, c, f, gradients):
    x = rand(n, c, side, side).contiguous(memory_format=torch.channels_last)
    w = rand(f, c, 3, 3).contiguous(memory_format=torch.channels_last)
    work = lambda x, w: F.conv2d(x, w, padding=1)
    if not gradients:
        return forward(work, x, w)
    x.requires_grad_(), w.requires_grad_()
    dy = rand(n, f, side, side).contiguous(memory_format=torch.channels_last)
    return lambda: torch.autograd.grad(work(x, w), [x, w], dy)


CASES["conv-c1"] = lambda: convolution(8, 56, 64, 64, False)
CASES["conv-c1-both"] = lambda: convolution(8, 56, 64, 64, True)
CASES["conv-64"] = lambda: convolution(64, 56, 64, 64, False)
CASES["conv-64-both"] = lambda: convolution(64, 56, 64, 64, True)
CASES["conv-first-both"] = lambda: convolution(128, 28, 1, 32, True)


@case("max-pool-2x2")
def max_pool():
    x = rand(64, 64, 112, 112).contiguous(memory_format=torch.channels_last)
    return forward(lambda x: F.max_pool2d(x, 2), x)


@case("batch-norm-both")
def batch_norm():
    layer = nn.BatchNorm2d(64, device=device)
    x = rand(64, 64, 56, 56).contiguous(memory_format=torch.channels_last).requires_grad_()
    dy = rand(64, 64, 56, 56).contiguous(memory_format=torch.channels_last)
    return lambda: torch.autograd.grad(layer(x), x, dy)


@case("embedding-gradient")
def embedding_gradient():
    dy, index = rand(65_536, 300), torch.randint(0, 50_000, (65_536,), device=device)
    return lambda: torch.zeros(50_000, 300, device=device).index_add_(0, index, dy)


def adam(count, n):
    parameters = [nn.Parameter(rand(n)) for _ in range(count)]
    for p in parameters:
        p.grad = rand(n)
    return torch.optim.Adam(parameters, lr=1e-3, fused=True, capturable=True).step


CASES["adam"] = lambda: adam(1, N // 4)
CASES["adam-200"] = lambda: adam(200, 5000)


class Step:
    """A step of training, whose forward may be compiled."""

    def __init__(self, model, x):
        self.model = model.to(device).train()
        self.x, self.y = x, torch.randint(0, 10, (128,), device=device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-7, fused=True, capturable=True)

    def __call__(self):
        loss = F.cross_entropy(self.model(self.x), self.y)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()

    def compiled(self):
        self.model = torch.compile(self.model)
        return self


@case("mlp-step")
def mlp_step():
    return Step(nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 10)), torch.rand(128, 784, device=device))


@case("cnn-step")
def cnn_step():
    model = nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
                          nn.Flatten(), nn.Dropout(0.5), nn.Linear(1600, 10)).to(memory_format=torch.channels_last)
    return Step(model, torch.rand(128, 1, 28, 28, device=device).contiguous(memory_format=torch.channels_last))


# ---- measuring ---------------------------------------------------------------------------------

def sample(step, repeats):
    start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    start.record()
    for _ in range(repeats):
        step()
    end.record()
    end.synchronize()
    return start.elapsed_time(end) / repeats


def median_ms(step):
    for _ in range(3):
        step()
    torch.cuda.synchronize()
    repeats = max(1, min(1000, int(5 / max(sample(step, 3), 1e-4))))
    return statistics.median(sample(step, repeats) for _ in range(15))


def graph_ms(step):
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    return median_ms(graph.replay)


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--out", default="torch.json")
    words.add_argument("--only", default="")
    words.add_argument("--compile", action="store_true")
    words = words.parse_args()
    spin = rand(4096, 4096)
    for _ in range(60):
        torch.mm(spin, spin)
    report = {"torch": torch.__version__, "device": torch.cuda.get_device_name(), "rows": []}
    print(f"{'case':<20}{'eager':>10}{'as graph':>10}{'compiled':>10}  ms")
    for name, make in CASES.items():
        if words.only not in name:
            continue
        row = {"case": name}
        try:
            torch.manual_seed(1)
            step = make()
            row["ms"] = median_ms(step)
            row["graph_ms"] = graph_ms(step)
            if words.compile and (name.endswith("-step") or name in ("bias-gelu", "softmax-both", "layer-norm-both", "cross-entropy-both")):
                step = make()
                row["compiled_ms"] = median_ms(step.compiled() if isinstance(step, Step) else torch.compile(step))
                row["compiled_mode"] = "default"
        except Exception as failure:  # a row that fails is told; the others are still measured
            row["error"] = f"{type(failure).__name__}: {failure}"[:300]
        report["rows"].append(row)
        with open(words.out, "w") as file:
            json.dump(report, file, indent=1)
        print(f"{name:<20}" + "".join(f"{row[k]:>10.4g}" if k in row else f"{'':>10}" for k in ("ms", "graph_ms", "compiled_ms")) + "  " + row.get("error", ""), flush=True)
        step = None
        torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
