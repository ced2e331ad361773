// Fill: every element of y becomes `bits`, of which as many count as the element has.
//
// y        n elements, contiguous, aligned to its element
// Overwrites y. Moves n elements' bytes, no FLOPs.
#include "ndl.cuh"

template <class T> __device__ __forceinline__ void fill(T* y, u64 bits, i64 n)
{
    for (i64 i = ndl_index(); i < n; i += ndl_stride()) y[i] = (T)bits;
}

extern "C" __global__ void __launch_bounds__(256) fill_f32(u32* y, u64 bits, i64 n) { fill(y, bits, n); }
extern "C" __global__ void __launch_bounds__(256) fill_f64(u64* y, u64 bits, i64 n) { fill(y, bits, n); }
extern "C" __global__ void __launch_bounds__(256) fill_i32(u32* y, u64 bits, i64 n) { fill(y, bits, n); }
extern "C" __global__ void __launch_bounds__(256) fill_i64(u64* y, u64 bits, i64 n) { fill(y, bits, n); }
extern "C" __global__ void __launch_bounds__(256) fill_b8(u8* y, u64 bits, i64 n) { fill(y, bits, n); }
extern "C" __global__ void __launch_bounds__(256) fill_u8(u8* y, u64 bits, i64 n) { fill(y, bits, n); }
extern "C" __global__ void __launch_bounds__(256) fill_bf16(u16* y, u64 bits, i64 n) { fill(y, bits, n); }
extern "C" __global__ void __launch_bounds__(256) fill_f16(u16* y, u64 bits, i64 n) { fill(y, bits, n); }
