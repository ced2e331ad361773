// Fill: every element of y becomes `bits`.
//
// y        n elements, contiguous, aligned to its element
// bits     the element's bits
// Overwrites y. Moves n elements' bytes, no FLOPs.
#include "ndl.cuh"

template <class T> __device__ __forceinline__ void fill(T* y, T bits, i64 n)
{
    for (i64 i = ndl_index(); i < n; i += ndl_stride()) y[i] = bits;
}

extern "C" __global__ void __launch_bounds__(256) fill_b8(u8* y, u8 bits, i64 n) { fill(y, bits, n); }
extern "C" __global__ void __launch_bounds__(256) fill_b32(u32* y, u32 bits, i64 n) { fill(y, bits, n); }
extern "C" __global__ void __launch_bounds__(256) fill_b64(u64* y, u64 bits, i64 n) { fill(y, bits, n); }
