// The logarithm of the gamma function and the derivatives of that. The layout is that of elementwise.cuh.
// digamma and polygamma are computed in double, lgamma by the card's own function; polygamma's order is its one attribute.
// Moves each element twice, 100 to 300 FLOPs.
#include "elementwise.cuh"

// cot(pi x); x is no whole number.
static __device__ __forceinline__ double ndl_cotangent(double x)
{
    double r = x - rint(x);
    return fabs(r) <= 0.25 ? 1.0 / tan(3.141592653589793 * r) : tan(3.141592653589793 * (copysign(0.5, r) - r));
}

// To 6 as psi of [1.0625, 2.0625) and reciprocals, around its root x0 as (x - x0) P(x), from there on by the asymptotic series;
// below 0 by psi(x) = psi(1 - x) - pi cot(pi x).
static __device__ __noinline__ double ndl_digamma(double x)
{
    if (x == 0.0) return -1.0 / x;
    double sum = 0.0;
    if (x < 0.0)
    {
        if (rint(x) == x || x < -1.7976931348623157e308) return __longlong_as_double(0x7ff8000000000000LL);
        sum = -3.141592653589793 * ndl_cotangent(x);
        x = 1.0 - x;
    }
    if (x >= 6.0)
    {
        if (x > 1.7976931348623157e308) return x;
        double inverse = 1.0 / x, z = inverse * inverse;
        double p = 1.2391679864374232;
        p = ndl_fma(p, z, -0.3678576332203612);
        p = ndl_fma(p, z, 0.08143630505895552);
        p = ndl_fma(p, z, -0.021063611862133496);
        p = ndl_fma(p, z, 0.007575487397643579);
        p = ndl_fma(p, z, -0.004166665241793544);
        p = ndl_fma(p, z, 0.0039682539644546435);
        p = ndl_fma(p, z, -0.008333333333329406);
        p = ndl_fma(p, z, 0.08333333333333333);
        return sum + (log(x) - ndl_fma(z, p, 0.5 * inverse));
    }
    for (; x < 1.0625; x += 1.0) sum -= 1.0 / x;
    while (x >= 2.0625)
    {
        x -= 1.0;
        sum += 1.0 / x;
    }
    double t = x - 1.5625;
    double p = -6.517994730554664e-05;
    p = ndl_fma(p, t, 0.00010184417658126711);
    p = ndl_fma(p, t, -7.358414963395078e-05);
    p = ndl_fma(p, t, 0.00011497791047746409);
    p = ndl_fma(p, t, -0.00022778098247018728);
    p = ndl_fma(p, t, 0.0003559257701080489);
    p = ndl_fma(p, t, -0.0005410309263492278);
    p = ndl_fma(p, t, 0.0008454792290461381);
    p = ndl_fma(p, t, -0.0013242896389644538);
    p = ndl_fma(p, t, 0.0020699856430309318);
    p = ndl_fma(p, t, -0.0032360146320536917);
    p = ndl_fma(p, t, 0.005061488064767925);
    p = ndl_fma(p, t, -0.007922124217420124);
    p = ndl_fma(p, t, 0.012413555315893075);
    p = ndl_fma(p, t, -0.01948867949321462);
    p = ndl_fma(p, t, 0.03069657099240974);
    p = ndl_fma(p, t, -0.048625978649622294);
    p = ndl_fma(p, t, 0.0778136710349663);
    p = ndl_fma(p, t, -0.12689105431212958);
    p = ndl_fma(p, t, 0.21480049984820695);
    p = ndl_fma(p, t, -0.3952104703110158);
    p = ndl_fma(p, t, 0.9254839423025467);
    return ndl_fma((x - 1.4616321449683622) - 9.549995429965697e-17, p, sum);
}

// factor / x^n, divided step by step so that neither leaves the range before the other.
static __device__ double ndl_over_power(double factor, double x, int n)
{
    for (int i = 0; i < n; i++) factor /= x;
    return factor;
}

// n! times the sum of 1/(x + k)^(n+1) for x > 0: terms until x + k is 16 or more, then the sum formula of Euler and Maclaurin.
static __device__ double ndl_zeta_sum(int n, double x)
{
    const double bernoulli[12] = {0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07, 2.08767569878681e-08,
        -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225827e-13, 8.586062056277845e-15, -2.174868698558062e-16, 5.50900282836023e-18,
            -1.3954464685812522e-19};
    if (x > 1.7976931348623157e308) return 0.0;
    double factorial = 1.0;
    for (int i = 2; i < n; i++) factorial *= i;
    double all = n * factorial, sum = 0.0, from = n > 16 ? n : 16;
    for (; x < from; x += 1.0) sum += ndl_over_power(all, x, n + 1);
    double main = ndl_over_power(factorial, x, n), half = 0.5 * ndl_over_power(all, x, n + 1);
    double term = half * 2 * (n + 1), corrections = 0.0;
    for (int j = 0; j < 12; j++)
    {
        term /= x;
        corrections += bernoulli[j] * term;
        term = term / x * (n + 2 * j + 2) * (n + 2 * j + 3);
    }
    return sum + (main + (half + corrections));
}

// The n-th derivative of pi cot(pi x) by c = cot(pi x): a polynomial in c whose derivative by x is -pi (1 + c^2) times that by c.
static __device__ double ndl_cotangent_slope(int n, double c)
{
    double p[32] = {0.0, 3.141592653589793}, next[32];
    for (int i = 1; i <= n; i++)
    {
        for (int k = 0; k <= n + 1; k++) next[k] = 0.0;
        for (int k = 1; k <= i; k++)
        {
            double slope = -3.141592653589793 * k * p[k];
            next[k - 1] += slope;
            next[k + 1] += slope;
        }
        for (int k = 0; k <= n + 1; k++) p[k] = next[k];
    }
    double y = 0.0;
    for (int k = n + 1; k >= 0; k--) y = y * c + p[k];
    return y;
}

static __device__ __noinline__ double ndl_polygamma(int n, double x)
{
    bool odd = n % 2 == 1;
    double none = __longlong_as_double(0x7ff8000000000000LL), endless = __longlong_as_double(0x7ff0000000000000LL);
    if (x != x || x < -1.7976931348623157e308) return none;
    if (x == 0.0) return odd ? endless : -1.0 / x;
    if (x > 0.0) return odd ? ndl_zeta_sum(n, x) : -ndl_zeta_sum(n, x);
    if (rint(x) == x) return odd ? endless : none;
    return -ndl_zeta_sum(n, 1.0 - x) - ndl_cotangent_slope(n, ndl_cotangent(x));
}

NDL_CALLED(lgamma, lgamma(x))
struct fn_digamma { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return (T)ndl_digamma((double)x); } };
struct fn_polygamma { template <class T> static __device__ __forceinline__ T apply(T x, const double* a) { return (T)ndl_polygamma((int)a[0], (double)x); } };

NDL_UNARY_FLOATING(lgamma)
NDL_UNARY_FLOATING(digamma)
NDL_UNARY_FLOATING(polygamma)
