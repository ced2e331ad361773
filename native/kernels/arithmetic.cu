// Arithmetic with broadcasting, for all numbers. The layout is that of elementwise.cuh.
// Whole numbers wrap; NaN propagates. Moves each operand and the result once, 1 FLOP an element.
#include "elementwise.cuh"

struct fn_add { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return a + b; } };
struct fn_subtract { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return a - b; } };
struct fn_multiply { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return a * b; } };
struct fn_negate { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return -x; } };
struct fn_square { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return x * x; } };

NDL_BINARY_NUMBERS(add)
NDL_BINARY_NUMBERS(subtract)
NDL_BINARY_NUMBERS(multiply)
NDL_UNARY_NUMBERS(negate)
NDL_UNARY_NUMBERS(square)
