// Circular functions, for angles of any size, and their inverses. The layout is that of elementwise.cuh.
// Moves each element twice, about 20 FLOPs.
#include "elementwise.cuh"

struct fn_sin { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return sin(x); } };
struct fn_cos { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return cos(x); } };
struct fn_tan { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return tan(x); } };
struct fn_asin { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return asin(x); } };
struct fn_acos { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return acos(x); } };
struct fn_atan { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return atan(x); } };

NDL_UNARY_FLOATING(sin)
NDL_UNARY_FLOATING(cos)
NDL_UNARY_FLOATING(tan)
NDL_UNARY_FLOATING(asin)
NDL_UNARY_FLOATING(acos)
NDL_UNARY_FLOATING(atan)
