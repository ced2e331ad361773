// Division by a number that stays the same, for 0 <= i < 2^31: a multiplication and a shift, made ready by the CPU (CudaDivisor).
#pragma once
#include "ndl.cuh"

struct ndl_divisor
{
    u32 value, multiplier, shift;

    __device__ __forceinline__ u32 divide(u32 i) const { return (__umulhi(i, multiplier) + i) >> shift; }
};
