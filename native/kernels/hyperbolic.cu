// Hyperbolic functions and the error function (tanh is an activation). The layout is that of elementwise.cuh.
// Moves each element twice, about 20 FLOPs.
#include "elementwise.cuh"

struct fn_sinh { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return sinh(x); } };
struct fn_cosh { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return cosh(x); } };
struct fn_erf { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return erf(x); } };

NDL_UNARY_FLOATING(sinh)
NDL_UNARY_FLOATING(cosh)
NDL_UNARY_FLOATING(erf)
