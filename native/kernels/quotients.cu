// Whole quotients rounded down, and what C's fmod leaves, as the CPU has them; whole numbers divided by 0 give 0. The layout is that of
// elementwise.cuh. Moves each operand and the result once; a few dozen FLOPs an element, more where the quotient is large.
#include "convert.cuh"
#include "elementwise.cuh"

template <class T> static __device__ __noinline__ T ndl_floor_divide(T a, T b)
{
    if constexpr (ndl_range<T>::whole)
    {
        if (b == 0) return 0;
        if (b == -1) return (T)(0 - (u64)a);   // the least number wraps
        T quotient = a / b;
        return quotient * b != a && (a < 0) != (b < 0) ? quotient - 1 : quotient;
    }
    else
    {
        if (b == (T)0) return a / b;
        T rest = fmod(a, b), quotient = (a - rest) / b;
        if (rest != (T)0 && signbit(rest) != signbit(b)) quotient -= (T)1;
        return quotient == (T)0 ? copysign((T)0, a / b) : rint(quotient);
    }
}

template <class T> static __device__ __noinline__ T ndl_fmod(T a, T b)
{
    if constexpr (ndl_range<T>::whole) return b == 0 || b == -1 ? 0 : a % b;
    else return fmod(a, b);
}

NDL_CALLED_BINARY(floor_divide, ndl_floor_divide(a, b))
NDL_CALLED_BINARY(fmod, ndl_fmod(a, b))

NDL_BINARY_NUMBERS(floor_divide)
NDL_BINARY_NUMBERS(fmod)
