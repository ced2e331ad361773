// Conversions between element types as the CPU does them: to a whole number the fraction is cut off, what is out of
// range goes to the nearest end and NaN to 0; between floating-point types and from whole numbers to the nearest one.
#pragma once
#include "ndl.cuh"

template <class T> struct ndl_range { static constexpr bool whole = false; };
template <> struct ndl_range<u8> { static constexpr bool whole = true; static constexpr u8 low = 0, high = 255; };
template <> struct ndl_range<i32> { static constexpr bool whole = true; static constexpr i32 low = -2147483647 - 1, high = 2147483647; };
template <> struct ndl_range<i64> { static constexpr bool whole = true; static constexpr i64 low = -9223372036854775807LL - 1, high = 9223372036854775807LL; };

// The nearest float, or where there are two steps to go, the one next to the number that is odd: rounding it again then
// gives what rounding once would have given.
__device__ __forceinline__ float ndl_to_odd(double v)
{
    float near = (float)v;
    if (near != v && v == v && fabs(v) <= 1.7976931348623157e308)
    {
        u32 word = __float_as_uint(near);
        if (fabs((double)near) > fabs(v)) word--;
        near = __uint_as_float(word | 1u);
    }
    return near;
}

template <class To, class From> __device__ __forceinline__ To ndl_convert(From v)
{
    if constexpr (sizeof(ndl_compute<To>) != sizeof(To))
    {
        if constexpr (sizeof(From) == 8 || ndl_range<From>::whole) return ndl_down<To>(ndl_to_odd((double)v));
        else return ndl_down<To>((float)v);
    }
    else
    {
        if constexpr (ndl_range<To>::whole && (!ndl_range<From>::whole || sizeof(To) < sizeof(From)))
        {
            // The upper end as a float is the power of two beyond it, which no number of the type reaches.
            if (v != v) return (To)0;
            if (v >= (From)ndl_range<To>::high) return ndl_range<To>::high;
            if (v <= (From)ndl_range<To>::low) return ndl_range<To>::low;
        }
        return (To)v;
    }
}
