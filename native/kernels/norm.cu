// norm  y = √(Σ x²)
#include "reductions.cuh"

struct fn_norm : ndl_joined<ndl_sum>
{
    template <class T> static __device__ __forceinline__ T map(T x, T, i32) { return x * x; }
    template <class T> static __device__ __forceinline__ T finish(T v, T, double) { return sqrt(v); }
};

NDL_REDUCTION_FLOATING(norm)
