// The whole part of a number, cut off towards 0, and what is cut off. The layout is that of elementwise.cuh.
// Moves each element twice, 1 FLOP.
#include "elementwise.cuh"

struct fn_trunc { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return trunc(x); } };
struct fn_frac { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return x - trunc(x); } };

NDL_UNARY_FLOATING(trunc)
NDL_UNARY_FLOATING(frac)
