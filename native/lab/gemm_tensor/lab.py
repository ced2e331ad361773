"""Checks the tiles of lab.cu against float64 and times them beside cuBLAS (PyTorch, bfloat16) on one card: lab.py lab.cubin

For 4096 and 8192 and the layouts nn, nt, tn: medians of 7 times 5 launches, after 0.4 s of other products, cuBLAS first and last.
Then small sizes, as graphs of launches. A name is rows x columns, depth, stages and what a warp sums up.
"""

import ctypes as c
import re
import statistics
import sys
import time

import torch

driver = c.CDLL("libcuda.so.1")
torch.zeros(1, device="cuda")
path = sys.argv[1]
LAYOUTS = {"nn": (False, False), "nt": (False, True), "tn": (True, False), "tt": (True, True)}


class Walk(c.Structure):
    _fields_ = [("rank", c.c_int), ("dims", c.c_longlong * 12), ("strides", c.c_longlong * 48)]


class Sizes(c.Structure):  # ndl_gemm
    _fields_ = [(x, c.c_int) for x in ("m", "n", "k", "part")]
    _fields_ += [(x, c.c_longlong) for x in ("a_row", "a_step", "b_column", "b_step", "matrices")] + [("batch", Walk)]


def check(status, what):
    if status:
        raise RuntimeError(f"{what}: CUDA error {status}")


module = c.c_void_p()
check(driver.cuModuleLoadData(c.byref(module), open(path, "rb").read()), path)


def function(name):
    f = c.c_void_p()
    check(driver.cuModuleGetFunction(c.byref(f), module, name.encode()), name)
    return f


def launch(f, grid, threads, shared, *arguments):
    pointers = (c.c_void_p * len(arguments))(*[c.cast(c.pointer(a), c.c_void_p) for a in arguments])
    stream = c.c_void_p(torch.cuda.current_stream().cuda_stream)
    check(driver.cuLaunchKernel(f, *grid, 1, threads, 1, 1, shared, stream, pointers, None), "launch")


def address(tensor):
    return c.c_void_p(0 if tensor is None else tensor.data_ptr())


def ceiling(a, b):
    return -(-a // b)


class Tile:
    def __init__(self, name):
        self.name, self.f = name[4:], function(name)
        self.rows, self.columns, depth, stages, down, across = map(int, re.search(r"(\d+)x(\d+)_d(\d+)_s(\d+)_w(\d+)x(\d+)", name).groups())
        self.threads = self.rows // down * (self.columns // across) * 32
        self.shared = 2 * stages * depth * (self.rows + self.columns)
        check(driver.cuFuncSetAttribute(self.f, 8, self.shared), "shared memory")

    def product(self, a, b, y, layout, m, n, k):
        turned_a, turned_b = LAYOUTS[layout]
        sizes = Sizes(m, n, k, ceiling(k, 64) * 64, *((1, m) if turned_a else (k, 1)), *((k, 1) if turned_b else (1, n)), 1)
        tiles = ceiling(m, self.rows) * ceiling(n, self.columns)
        none = address(None)
        launch(self.f, (tiles, 1), self.threads, self.shared, address(a), address(b), none, address(y), none, sizes, c.c_int(0))


tiles = [Tile(x.decode()) for x in sorted(set(re.findall(rb"\.text\.(lab_\w+)", open(path, "rb").read())))]


def operands(layout, m, n, k):
    turned_a, turned_b = LAYOUTS[layout]
    a = torch.randn((k, m) if turned_a else (m, k), device="cuda", dtype=torch.bfloat16)
    b = torch.randn((n, k) if turned_b else (k, n), device="cuda", dtype=torch.bfloat16)
    return a, b, a.t() if turned_a else a, b.t() if turned_b else b


def median(work, launches, repeats=7):
    work(), work()
    times = []
    for _ in range(repeats):
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record()
        for _ in range(launches):
            work()
        end.record()
        end.synchronize()
        times.append(begin.elapsed_time(end) / launches)
    return statistics.median(times)


def graph(work, launches=10):
    with torch.cuda.stream(torch.cuda.Stream()):
        work()
    torch.cuda.synchronize()
    captured = torch.cuda.CUDAGraph()
    with torch.cuda.graph(captured):
        for _ in range(launches):
            work()
    return median(captured.replay, 1) / launches


def warm():
    x, begin = torch.randn(4096, 4096, device="cuda", dtype=torch.bfloat16), time.time()
    while time.time() - begin < 0.4:
        x @ x
        torch.cuda.synchronize()


for m, n, k in [(264, 136, 72), (136, 200, 104), (264, 520, 1032), (8, 16, 304), (512, 512, 512)]:
    for layout in LAYOUTS:
        a, b, left, right = operands(layout, m, n, k)
        expected = left.double() @ right.double()
        for tile in tiles:
            y = torch.full((m, n), float("nan"), device="cuda", dtype=torch.bfloat16)
            tile.product(a, b, y, layout, m, n, k)
            error = ((y.double() - expected).norm() / expected.norm()).item()
            if not error < 3e-3:
                print("WRONG", tile.name, layout, m, n, k, error)

for n in (4096, 8192):
    print(f"{torch.cuda.get_device_name()}: {n}, ms (TF/s, of cuBLAS)")
    rows = {}
    for layout in ("nn", "nt", "tn"):
        a, b, left, right = operands(layout, n, n, n)
        y = torch.empty(n, n, device="cuda", dtype=torch.bfloat16)
        warm()
        rows.setdefault("cuBLAS", {})[layout] = median(lambda: torch.mm(left, right, out=y), 5)
        for tile in tiles:
            rows.setdefault(tile.name, {})[layout] = median(lambda: tile.product(a, b, y, layout, n, n, n), 5)
        rows.setdefault("cuBLAS again", {})[layout] = median(lambda: torch.mm(left, right, out=y), 5)
    for name, row in rows.items():
        print(f"{name:24}", "  ".join(f"{l} {t:7.4f} ({2e-9 * n**3 / t:5.1f}, {100 * rows['cuBLAS'][l] / t:5.1f} %)" for l, t in row.items()), flush=True)

for n in (512, 1024, 2048):
    a, b, left, right = operands("nn", n, n, n)
    y = torch.empty(n, n, device="cuda", dtype=torch.bfloat16)
    print(f"{n}: cuBLAS {1e3 * graph(lambda: torch.mm(left, right, out=y)):.1f} us")
    for tile in tiles:
        print(f"  {tile.name:24} {1e3 * graph(lambda: tile.product(a, b, y, 'nn', n, n, n)):.1f}")
