// Powers by C's rules for zeros, infinities, NaN and negative bases. The layout is that of elementwise.cuh.
// Moves each operand and the result once, about 60 FLOPs an element.
#include "elementwise.cuh"

NDL_CALLED_BINARY(pow, pow(a, b))
struct fn_pow_number { template <class T> static __device__ __forceinline__ T apply(T x, const double* a) { return ndl_called_pow(x, (T)a[0]); } };

NDL_UNARY_FLOATING(pow_number)
NDL_BINARY_FLOATING(pow)
