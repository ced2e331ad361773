// Inverse hyperbolic functions. The layout is that of elementwise.cuh.
// Moves each element twice, about 40 FLOPs.
#include "elementwise.cuh"

struct fn_asinh { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return asinh(x); } };
struct fn_acosh { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return acosh(x); } };
struct fn_atanh { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return atanh(x); } };

NDL_UNARY_FLOATING(asinh)
NDL_UNARY_FLOATING(acosh)
NDL_UNARY_FLOATING(atanh)
