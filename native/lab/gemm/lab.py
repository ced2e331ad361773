"""Checks the tiles of lab.cu against float64 and times them beside cuBLAS (PyTorch, TF32 off) on one card: lab.py lab.cubin

For 4096 and the layouts nn, nt, tn: medians of 7 times 5 launches, after 0.4 s of other products, cuBLAS first and last. Then small
sizes with their sums in parts, as graphs of launches. A name begins with rows x columns and the results of a thread.
"""

import ctypes as c
import re
import statistics
import sys
import time

import torch

torch.backends.cuda.matmul.allow_tf32 = False
driver = c.CDLL("libcuda.so.1")
torch.zeros(1, device="cuda")
path = sys.argv[1]
LAYOUTS = {"nn": (False, False), "nt": (False, True), "tn": (True, False), "tt": (True, True)}


class Walk(c.Structure):
    _fields_ = [("rank", c.c_int), ("dims", c.c_longlong * 12), ("strides", c.c_longlong * 48)]


class Sizes(c.Structure):  # ndl_gemm
    _fields_ = [(x, c.c_int) for x in ("m", "n", "k", "part")]
    _fields_ += [(x, c.c_longlong) for x in ("a_row", "a_step", "b_column", "b_step", "matrices")] + [("batch", Walk)]


class Attributes(c.Structure):
    _fields_ = [("values", c.c_double * 4)]


def check(status, what):
    if status:
        raise RuntimeError(f"{what}: CUDA error {status}")


module = c.c_void_p()
check(driver.cuModuleLoadData(c.byref(module), open(path, "rb").read()), path)


def function(name):
    f = c.c_void_p()
    check(driver.cuModuleGetFunction(c.byref(f), module, name.encode()), name)
    return f


def launch(f, grid, threads, *arguments):
    pointers = (c.c_void_p * len(arguments))(*[c.cast(c.pointer(a), c.c_void_p) for a in arguments])
    stream = c.c_void_p(torch.cuda.current_stream().cuda_stream)
    check(driver.cuLaunchKernel(f, *grid, 1, threads, 1, 1, 0, stream, pointers, None), "launch")


def address(tensor):
    return c.c_void_p(0 if tensor is None else tensor.data_ptr())


def ceiling(a, b):
    return -(-a // b)


class Tile:
    def __init__(self, name):
        self.name, self.f = name[4:], function(name)
        self.rows, self.columns, down, across = map(int, re.search(r"(\d+)x(\d+)_(\d+)x(\d+)", name).groups())
        self.threads = self.rows // down * (self.columns // across)

    def product(self, a, b, y, layout, m, n, k, parts=1, room=None):
        turned_a, turned_b = LAYOUTS[layout]
        length = ceiling(ceiling(k, parts), 32) * 32
        parts = ceiling(k, length)
        sizes = Sizes(m, n, k, length, *((1, m) if turned_a else (k, 1)), *((k, 1) if turned_b else (1, n)), 1)
        tiles = ceiling(m, self.rows) * ceiling(n, self.columns)
        none, target = address(None), address(y if parts == 1 else room)
        launch(self.f, (tiles, parts), self.threads, address(a), address(b), none, target, none, sizes, Attributes())
        if parts > 1:
            blocks = min(ceiling(m * n, 256), 1056)
            launch(add, (blocks, 1), 256, target, c.c_int(parts), none, c.c_int(n), address(y), none, c.c_longlong(m * n), Attributes())


add = function("gemm_sum_f32")
tiles = [Tile(x.decode()) for x in sorted(set(re.findall(rb"\.text\.(lab_\w+)", open(path, "rb").read())))]


def operands(layout, m, n, k):
    turned_a, turned_b = LAYOUTS[layout]
    a, b = torch.randn((k, m) if turned_a else (m, k), device="cuda"), torch.randn((n, k) if turned_b else (k, n), device="cuda")
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
    x, begin = torch.randn(4096, 4096, device="cuda"), time.time()
    while time.time() - begin < 0.4:
        x @ x
        torch.cuda.synchronize()


for m, n, k, parts in [(257, 131, 77, 1), (132, 196, 100, 1), (260, 516, 1032, 3), (1, 5, 300, 2), (512, 512, 512, 1)]:
    for layout in LAYOUTS:
        a, b, left, right = operands(layout, m, n, k)
        expected = left.double() @ right.double()
        for tile in tiles:
            y, room = torch.full((m, n), float("nan"), device="cuda"), torch.full((parts, m, n), float("nan"), device="cuda")
            tile.product(a, b, y, layout, m, n, k, parts, room)
            error = ((y.double() - expected).norm() / expected.norm()).item()
            if not error < 2e-6:
                print("WRONG", tile.name, layout, m, n, k, parts, error)

print(f"{torch.cuda.get_device_name()}: 4096, ms (TF/s, of cuBLAS)")
rows, n = {}, 4096
for layout in ("nn", "nt", "tn"):
    a, b, left, right = operands(layout, n, n, n)
    y = torch.empty(n, n, device="cuda")
    warm()
    rows.setdefault("cuBLAS", {})[layout] = median(lambda: torch.mm(left, right, out=y), 5)
    for tile in tiles:
        rows.setdefault(tile.name, {})[layout] = median(lambda: tile.product(a, b, y, layout, n, n, n), 5)
    rows.setdefault("cuBLAS again", {})[layout] = median(lambda: torch.mm(left, right, out=y), 5)
for name, row in rows.items():
    print(f"{name:24}", "  ".join(f"{l} {t:7.4f} ({2e-9 * n**3 / t:5.1f}, {100 * rows['cuBLAS'][l] / t:5.1f} %)" for l, t in row.items()))

for n in (256, 512, 768, 1024, 1536, 2048):
    a, b, left, right = operands("nn", n, n, n)
    y, room = torch.empty(n, n, device="cuda"), torch.empty(16, n, n, device="cuda")
    print(f"{n}: cuBLAS {1e3 * graph(lambda: torch.mm(left, right, out=y)):.1f} us; others, and their parts")
    for tile in tiles:
        blocks = ceiling(n, tile.rows) * ceiling(n, tile.columns)
        counts = [p for p in (1, 2, 3, 4, 5, 6, 8, 12, 16) if (p == 1 or n / p >= 64) and 24 <= p * blocks <= 1400]
        times = sorted((1e3 * graph(lambda: tile.product(a, b, y, "nn", n, n, n, p, room)), p) for p in counts)
        print(f"  {tile.name:24}", ", ".join(f"{t:.1f} ({p})" for t, p in times[:4]))
