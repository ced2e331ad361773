// Copy: y = x between any strides, for elements of 1, 4 and 8 bytes. The layout is that of elementwise.cuh.
// Overwrites y, which may be a view. Bits stay as they are. Moves each element twice, no FLOPs.
#include "elementwise.cuh"

struct fn_copy { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return x; } };

NDL_UNARY(copy, f32, u32)
NDL_UNARY(copy, f64, u64)
NDL_UNARY(copy, i32, u32)
NDL_UNARY(copy, i64, u64)
NDL_UNARY(copy, b8, u8)
NDL_UNARY(copy, u8, u8)
