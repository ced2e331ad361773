// logsumexp  y = log Σ e^x; the shift is the greatest element. Infinity - infinity is no number, and without a finite shift
//            the sum needs no help.
#include "reductions.cuh"

struct fn_logsumexp : ndl_joined<ndl_sum>
{
    template <class T> static __device__ __forceinline__ T shift(T s) { return isfinite(s) ? s : (T)0; }
    template <class T> static __device__ __forceinline__ T map(T x, T s, i32) { return exp(x - s); }
    template <class T> static __device__ __forceinline__ T finish(T v, T s, double) { return s + log(v); }
};

NDL_REDUCTION_FLOATING(logsumexp)
