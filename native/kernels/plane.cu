// Angle and length of points of the plane, by C's rules for zeros and infinities. The layout is that of elementwise.cuh.
// Moves each operand and the result once, about 40 FLOPs an element.
#include "elementwise.cuh"

struct fn_atan2 { template <class T> static __device__ __forceinline__ T apply(T y, T x, const double*) { return atan2(y, x); } };
struct fn_hypot { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return hypot(a, b); } };

NDL_BINARY_FLOATING(atan2)
NDL_BINARY_FLOATING(hypot)
