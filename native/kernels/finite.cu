// Finite: marks[position] becomes 1 if any of the n elements of x is NaN or infinite, and stays as it was otherwise.
//
// x        contiguous, aligned to its element
// marks    32-bit integers; all threads that write, write the same
// Moves n elements' bytes once, 1 FLOP an element.
#include "elementwise.cuh"

// NaN for infinities too.
template <class T> __device__ __forceinline__ bool is_finite(T v) { return ndl_up(v) - ndl_up(v) == (ndl_compute<T>)0; }

template <class T> __device__ __forceinline__ void finite(const T* x, i64 n, i32* marks, int position)
{
    const int w = ndl_pack<T>::size;
    bool good = true;
    i64 begin = 0;
    if (ndl_is_aligned16(x))
    {
        begin = n / w * w;
        for (i64 i = ndl_index() * w; i < begin; i += ndl_stride() * w)
        {
            ndl_pack<T> v = ndl_load_pack<w>(x + i, 1);
#pragma unroll
            for (int j = 0; j < w; j++) good = good && is_finite(v.items[j]);
        }
    }
    for (i64 i = begin + ndl_index(); i < n; i += ndl_stride()) good = good && is_finite(x[i]);
    if (!good) marks[position] = 1;
}

#define KERNELS(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) finite_##suffix(const T* x, i64 n, i32* marks, int position) { finite(x, n, marks, position); }

KERNELS(f32, float)
KERNELS(f64, double)
KERNELS(bf16, ndl_bf16)
KERNELS(f16, ndl_f16)
