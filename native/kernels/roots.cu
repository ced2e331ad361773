// Roots and quotients. The layout is that of elementwise.cuh.
// divide_no_nan  y = a / b, and 0 where b is 0
// Moves each operand and the result once, 1 or 2 FLOPs an element.
#include "elementwise.cuh"

struct fn_sqrt { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return sqrt(x); } };
struct fn_rsqrt { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return rsqrt(x); } };
struct fn_reciprocal { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return (T)1 / x; } };
struct fn_divide_no_nan { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return b == (T)0 ? (T)0 : a / b; } };

NDL_UNARY_FLOATING(sqrt)
NDL_UNARY_FLOATING(rsqrt)
NDL_UNARY_FLOATING(reciprocal)
NDL_BINARY_FLOATING(divide_no_nan)
