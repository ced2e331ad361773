// var  y = Σ (x - mean)² / divisor; the shift is the mean, so that nothing is lost to cancellation
// std  y = √var
#include "squares.cuh"

struct fn_var : ndl_joined<ndl_sum>
{
    template <class T> static __device__ __forceinline__ T map(T x, T mean, i32)
    {
        T away = x - mean;
        return away * away;
    }
    template <class T> static __device__ __forceinline__ T finish(T v, T, double divisor) { return v / (T)divisor; }
};

struct fn_std : ndl_squares {};

NDL_REDUCTION_FLOATING(var)
NDL_REDUCTION_FLOATING(std)
