// Signs and whole parts; the sign of 0 is 0 and that of NaN is NaN. The layout is that of elementwise.cuh.
// Moves each element twice, 1 FLOP.
#include "convert.cuh"
#include "elementwise.cuh"

struct fn_abs
{
    template <class T> static __device__ __forceinline__ T apply(T x, const double*)
    {
        if constexpr (ndl_range<T>::whole) return x < 0 ? -x : x;   // the least number wraps
        else return fabs(x);
    }
};

struct fn_sign { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return x > (T)0 ? (T)1 : x < (T)0 ? (T)-1 : x; } };
struct fn_floor { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return floor(x); } };
struct fn_ceiling { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return ceil(x); } };
struct fn_round { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return rint(x); } };

NDL_UNARY_NUMBERS(abs)
NDL_UNARY_NUMBERS(sign)
NDL_UNARY_FLOATING(floor)
NDL_UNARY_FLOATING(ceiling)
NDL_UNARY_FLOATING(round)
