// The complement and the inverse of the error function. The layout is that of elementwise.cuh.
// Moves each element twice, about 50 FLOPs.
#include "elementwise.cuh"

struct fn_erfc { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return erfc(x); } };
struct fn_erfinv { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return erfinv(x); } };

NDL_UNARY_FLOATING(erfc)
NDL_UNARY_FLOATING(erfinv)
