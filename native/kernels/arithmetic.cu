// Arithmetic with broadcasting, for all numbers. The layout is that of elementwise.cuh.
// Whole numbers wrap and are divided towards 0; divided by 0 they give 0. NaN propagates.
// Moves each operand and the result once, 1 FLOP an element.
#include "convert.cuh"
#include "elementwise.cuh"

struct fn_add { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return a + b; } };
struct fn_subtract { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return a - b; } };
struct fn_multiply { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return a * b; } };
struct fn_negate { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return -x; } };
struct fn_square { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return x * x; } };

// But for float it takes up to a hundred instructions: it is called, as NDL_CALLED says.
template <class T> static __device__ __noinline__ T ndl_divide(T a, T b)
{
    if constexpr (ndl_range<T>::whole) return b == 0 ? 0 : b == -1 ? -a : a / b;   // the least number by -1 wraps
    else return a / b;
}

struct fn_divide
{
    template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*)
    {
        if constexpr (ndl_range<T>::whole || sizeof(T) == 8) return ndl_divide(a, b);
        else return a / b;
    }
};

NDL_BINARY_NUMBERS(add)
NDL_BINARY_NUMBERS(subtract)
NDL_BINARY_NUMBERS(multiply)
NDL_BINARY_NUMBERS(divide)
NDL_UNARY_NUMBERS(negate)
NDL_UNARY_NUMBERS(square)
