// Limits and extremes. The layout is that of elementwise.cuh. NaN in any operand stays NaN; of equal operands the first counts.
// clip_grad's operands are x and dy: dy where x is inside of the limits or at one (or NaN), else 0.
// Moves each operand and the result once, 2 FLOPs an element.
#include "convert.cuh"
#include "elementwise.cuh"

struct fn_clip
{
    template <class T> static __device__ __forceinline__ T apply(T x, const double* a)
    {
        T low = ndl_convert<T>(a[0]), high = ndl_convert<T>(a[1]);
        x = x < low ? low : x;
        return x > high ? high : x;
    }
};

struct fn_clip_grad { template <class T> static __device__ __forceinline__
    T apply(T x, T dy, const double* a) { return x < (T)a[0] || x > (T)a[1] ? (T)0 : dy; } };

// Neither is above the other: one of them is NaN, which their sum hands on.
struct fn_maximum { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return a >= b ? a : b > a ? b : a + b; } };
struct fn_minimum { template <class T> static __device__ __forceinline__ T apply(T a, T b, const double*) { return a <= b ? a : b < a ? b : a + b; } };

NDL_UNARY_NUMBERS(clip)
NDL_BINARY_FLOATING(clip_grad)
NDL_BINARY_NUMBERS(maximum)
NDL_BINARY_NUMBERS(minimum)
