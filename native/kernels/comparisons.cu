// Comparisons and connections of truth values with broadcasting: one byte, 0 or 1, an element.
// The layout is that of elementwise.cuh. NaN differs from everything and is neither above nor below.
// Moves each operand and the result once, 1 FLOP an element.
#include "elementwise.cuh"

struct fn_equal { template <class T> static __device__ __forceinline__ u8 apply(T a, T b, const double*) { return a == b; } };
struct fn_not_equal { template <class T> static __device__ __forceinline__ u8 apply(T a, T b, const double*) { return a != b; } };
struct fn_less { template <class T> static __device__ __forceinline__ u8 apply(T a, T b, const double*) { return a < b; } };
struct fn_less_equal { template <class T> static __device__ __forceinline__ u8 apply(T a, T b, const double*) { return a <= b; } };
struct fn_greater { template <class T> static __device__ __forceinline__ u8 apply(T a, T b, const double*) { return a > b; } };
struct fn_greater_equal { template <class T> static __device__ __forceinline__ u8 apply(T a, T b, const double*) { return a >= b; } };
struct fn_and { template <class T> static __device__ __forceinline__ u8 apply(T a, T b, const double*) { return a & b; } };
struct fn_or { template <class T> static __device__ __forceinline__ u8 apply(T a, T b, const double*) { return a | b; } };

#define COMPARISON(name) NDL_COMPARISON_NUMBERS(name) NDL_COMPARISON(name, b8, u8) NDL_COMPARISON(name, u8, u8)

COMPARISON(equal)
COMPARISON(not_equal)
COMPARISON(less)
COMPARISON(less_equal)
COMPARISON(greater)
COMPARISON(greater_equal)
NDL_COMPARISON(and, b8, u8)
NDL_COMPARISON(or, b8, u8)
