// Bits of whole numbers, also of bytes. The layout is that of elementwise.cuh.
// Where there are no so many places to move by, nothing is left but, on the right, the sign.
// Moves each operand and the result once, 1 instruction an element.
#include "elementwise.cuh"

template <class T> __device__ __forceinline__ bool ndl_moves_all(T places) { return (u64)places >= 8 * sizeof(T); }

struct fn_bitwise_and { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return a & b; } };
struct fn_bitwise_or { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return a | b; } };
struct fn_bitwise_xor { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return a ^ b; } };
struct fn_bitwise_not { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return ~x; } };
struct fn_left_shift
{
    template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return ndl_moves_all(b) ? (T)0 : (T)((u64)a << (int)b); }
};
struct fn_right_shift
{
    template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*)
    {
        return (T)(ndl_moves_all(b) ? a >> (8 * sizeof(T) - 1) >> 1 : a >> (int)b);
    }
};

#define WHOLE(name) NDL_BINARY(name, i32, i32) NDL_BINARY(name, i64, i64) NDL_BINARY(name, u8, u8)

WHOLE(bitwise_and)
WHOLE(bitwise_or)
WHOLE(bitwise_xor)
NDL_UNARY(bitwise_not, i32, i32)
NDL_UNARY(bitwise_not, i64, i64)
NDL_UNARY(bitwise_not, u8, u8)
WHOLE(left_shift)
WHOLE(right_shift)
