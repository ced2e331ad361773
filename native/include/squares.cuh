// Roots of sums of squares: squares overflow and vanish where their root is still an ordinary number, so those of huge and of
// tiny numbers are summed apart, scaled by powers of two (after Blue 1978, with LAPACK's bounds).
#pragma once
#include "reductions.cuh"

// None: so that a value is a whole number of 16 bytes.
template <class T> struct ndl_square_sums
{
    T mid, huge, tiny, none;
};

template <class T> struct ndl_square_bounds;
template <> struct ndl_square_bounds<float>
{
    static constexpr float huge = 4503599627370496.0f /* 2^52 */, down = 1.3234889800848443e-23f /* 2^-76 */, tiny = 1.0842021724855044e-19f /* 2^-63 */,
        up = 3.7778931862957162e22f /* 2^75 */;
};
template <> struct ndl_square_bounds<double>
{
    static constexpr double huge = 1.997919072202235e146 /* 2^486 */, down = 1.1113793747425387e-162 /* 2^-538 */, tiny = 1.4916681462400413e-154 /* 2^-511 */,
        up = 4.49891379454319638e161 /* 2^537 */;
};

// A rule of reductions.cuh: the elements' distances from the shift, squared. NaN goes to mid, infinity to huge.
struct ndl_squares
{
    template <class T> using Value = ndl_square_sums<T>;
    template <class T> static __device__ __forceinline__ ndl_square_sums<T> identity() { return {(T)0, (T)0, (T)0, (T)0}; }
    template <class T> static __device__ __forceinline__ ndl_square_sums<T> join(ndl_square_sums<T> a, ndl_square_sums<T> b)
    { return {a.mid + b.mid, a.huge + b.huge, a.tiny + b.tiny, (T)0}; }
    template <class T> static __device__ __forceinline__ ndl_square_sums<T> exchange(ndl_square_sums<T> v, int offset)
    {
        return {__shfl_xor_sync(0xffffffffu, v.mid, offset), __shfl_xor_sync(0xffffffffu, v.huge, offset), __shfl_xor_sync(0xffffffffu, v.tiny, offset), (T)0};
    }
    template <class T> static __device__ __forceinline__ T shift(T s) { return s; }
    template <class T> static __device__ __forceinline__ ndl_square_sums<T> map(T x, T shift, i32)
    {
        typedef ndl_square_bounds<T> bounds;
        T d = x - shift, away = fabs(d);
        bool huge = away > bounds::huge, tiny = away < bounds::tiny;
        T scaled = d * (huge ? bounds::down : tiny ? bounds::up : (T)1), square = scaled * scaled;
        return {huge || tiny ? (T)0 : square, huge ? square : (T)0, tiny ? square : (T)0, (T)0};
    }
    template <class T> static __device__ __forceinline__ T finish(ndl_square_sums<T> v, T, double divisor)
    {
        typedef ndl_square_bounds<T> bounds;
        if (v.huge > (T)0) return sqrt((v.huge + v.mid * bounds::down * bounds::down) / (T)divisor) / bounds::down;
        if (v.mid == (T)0) return sqrt(v.tiny / (T)divisor) / bounds::up;
        return sqrt((v.mid + v.tiny / bounds::up / bounds::up) / (T)divisor);
    }
};
