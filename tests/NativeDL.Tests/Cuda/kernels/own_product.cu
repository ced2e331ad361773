// own_product  y = Π x
#include "reductions.cuh"

struct own_product
{
    template <class T> static __device__ __forceinline__ T identity() { return (T)1; }
    template <class T> static __device__ __forceinline__ T join(T a, T b) { return a * b; }
};

struct fn_own_product : ndl_joined<own_product> {};

NDL_REDUCTION_NUMBERS(own_product)
