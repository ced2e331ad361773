"""Counts what multiply-adds of loops read from the banks of registers: banks.py file.cubin [kernel ...]   (cuobjdump on the path)

A quarter of a multiprocessor has two banks, of even and odd registers, and reads a register of each a cycle; what was marked for
reuse need not be read again from the same slot. A conflict is a second register of one bank in one instruction.
"""

import collections
import re
import subprocess
import sys

text = subprocess.run(["cuobjdump", "-sass", sys.argv[1]], capture_output=True, text=True, check=True).stdout
for kernel in re.split(r"\n\s*Function : ", text)[1:]:
    name = kernel.split("\n")[0].strip()
    if sys.argv[2:] and name not in sys.argv[2:]:
        continue
    instructions = [(int(m[1], 16), m[2], m[3]) for m in re.finditer(r"/\*([0-9a-f]{4,5})\*/\s+(?:@!?U?P\w+ )?([A-Z0-9_.]+)([^;]*);", kernel)]
    jumps = [(int(to[1], 16), at) for at, op, rest in instructions if op == "BRA" and (to := re.search(r"0x([0-9a-f]+)", rest))]
    loops = {(to, at) for to, at in jumps if to <= at}
    print(name)
    for begin, end in sorted(loops):
        body = [i for i in instructions if begin <= i[0] <= end]
        counts = collections.Counter(op.split(".")[0] for _, op, _ in body)
        if counts["FFMA"] < 128:
            continue
        kept, conflicts = {}, 0
        for _, op, rest in body:
            if op != "FFMA":
                continue
            reads = [0, 0]
            for slot, operand in enumerate(rest.split(",")[1:4]):
                if register := re.match(r"\s*-?R(\d+)(\.reuse)?", operand):
                    number, bank = int(register[1]), int(register[1]) % 2
                    reads[bank] += kept.get((bank, slot)) != number
                    kept[bank, slot] = number if register[2] else None
            conflicts += max(0, max(reads) - 1)
        share = 100 * counts["FFMA"] / len(body)
        others = ", ".join(f"{op} {counts[op]}" for op in ("LDS", "STS", "LDG", "LDGSTS", "LDC", "LDL", "STL", "MOV", "IMAD") if counts[op])
        print(f"  {begin:6x}: {len(body)} instructions, FFMA {share:.1f} %, conflicts {100 * conflicts / counts['FFMA']:.1f} %, {others}")
