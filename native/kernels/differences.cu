// Squared differences, differences of infinities, and signs that go over. The layout is that of elementwise.cuh.
// difference  y = a - b, and 0 where both are the same infinity
// Moves each operand and the result once, 1 or 2 FLOPs an element.
#include "elementwise.cuh"

struct fn_squared_difference { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return (a - b) * (a - b); } };
struct fn_difference { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return a == b ? (T)0 : a - b; } };
struct fn_copy_sign { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return copysign(a, b); } };

NDL_BINARY_NUMBERS(squared_difference)
NDL_BINARY_FLOATING(difference)
NDL_BINARY_FLOATING(copy_sign)
