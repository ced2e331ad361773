// sin(pi x)/(pi x) and its derivative, both of x taken from the nearest whole number, in double. The layout is that of elementwise.cuh.
// Moves each element twice, about 40 FLOPs.
#include "elementwise.cuh"

struct ndl_half_turns { double sine, cosine; };

// Of pi x for x >= 0.
__device__ __forceinline__ ndl_half_turns ndl_turn(double x)
{
    double whole = rint(x), half = 0.5 * whole, r = (x - whole) * 3.141592653589793;
    bool odd = floor(half) != half;
    return {odd ? -sin(r) : sin(r), odd ? -cos(r) : cos(r)};
}

static __device__ __noinline__ double ndl_sinc(double x)
{
    double a = fabs(x);
    return a < 1e-9 ? 1.0 : ndl_turn(a).sine / (a * 3.141592653589793);
}

// Near 0, where cos(pi x) - sinc(x) cancels, by its series.
static __device__ __noinline__ double ndl_sinc_slope(double x)
{
    double a = fabs(x), z = a * a;
    if (a < 0.4)
    {
        double p = 3.4330769499642866e-09;
        p = ndl_fma(p, z, -1.3148481279991994e-07);
        p = ndl_fma(p, z, 4.049947846619244e-06);
        p = ndl_fma(p, z, -9.766223126318933e-05);
        p = ndl_fma(p, z, 0.001781145516372852);
        p = ndl_fma(p, z, -0.023460810354558236);
        p = ndl_fma(p, z, 0.2091827825412384);
        p = ndl_fma(p, z, -1.1445109447325053);
        p = ndl_fma(p, z, 3.2469697011334144);
        p = ndl_fma(p, z, -3.289868133696453);
        return x * p;
    }
    ndl_half_turns t = ndl_turn(a);
    return copysign(1.0, x) * ((t.cosine - t.sine / (a * 3.141592653589793)) / a);
}

struct fn_sinc { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return (T)ndl_sinc((double)x); } };
struct fn_sinc_slope { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return (T)ndl_sinc_slope((double)x); } };

NDL_UNARY_FLOATING(sinc)
NDL_UNARY_FLOATING(sinc_slope)
