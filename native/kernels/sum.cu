// sum   y = Σ x
// mean  y = Σ x / divisor
#include "reductions.cuh"

struct fn_sum : ndl_joined<ndl_sum> {};

struct fn_mean : ndl_joined<ndl_sum>
{
    template <class T> static __device__ __forceinline__ T finish(T v, T, double divisor) { return v / (T)divisor; }
};

NDL_REDUCTION_NUMBERS(sum)
NDL_REDUCTION_FLOATING(mean)
