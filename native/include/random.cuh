// Random words (Philox4x32-10, keyed by a seed, counting blocks of four words) and what is made of them. Element i is a
// function of the stream and i alone, with the bits that the CPU gives: src/NativeDL.Core/Random defines every step, and
// each one here is exact or rounded once by name, so that no compiler fuses or reorders it.
#pragma once
#include "elementwise.cuh"

// A stretch of the words that belong to a seed.
struct ndl_stream
{
    u64 key, offset;
};

struct ndl_words
{
    u32 items[4];

    // The word of number j of a type that takes one word, or two with the low half first.
    __device__ __forceinline__ u32 of(int j, float) const { return items[j]; }
    __device__ __forceinline__ u64 of(int j, double) const { return (u64)items[2 * j + 1] << 32 | items[2 * j]; }
};

__device__ __forceinline__ ndl_words ndl_philox(const ndl_stream& stream, i64 block)
{
    u64 counter = stream.offset + (u64)block;
    u32 c0 = (u32)counter, c1 = (u32)(counter >> 32), c2 = 0, c3 = 0;
    u32 k0 = (u32)stream.key, k1 = (u32)(stream.key >> 32);
#pragma unroll
    for (int round = 0; round < 10; round++)
    {
        u32 high0 = __umulhi(0xD2511F53u, c0), low0 = 0xD2511F53u * c0;
        u32 high1 = __umulhi(0xCD9E8D57u, c2), low1 = 0xCD9E8D57u * c2;
        c0 = high1 ^ c1 ^ k0;
        c2 = high0 ^ c3 ^ k1;
        c1 = low1;
        c3 = low0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return {{c0, c1, c2, c3}};
}

// log x of a normal number x > 0: x = 2^n (1 + f) with 1 + f from sqrt(1/2) to sqrt(2).
__device__ __forceinline__ float ndl_exact_log(float x)
{
    i32 bits = __float_as_int(x) - 0x3F3504F3;
    float n = __int2float_rn(bits >> 23);
    float f = ndl_add(__int_as_float((bits & 0x007FFFFF) + 0x3F3504F3), -1.0f);
    float p = -0.07553069f;
    p = ndl_fma(p, f, 0.12809792f);
    p = ndl_fma(p, f, -0.13220017f);
    p = ndl_fma(p, f, 0.14199036f);
    p = ndl_fma(p, f, -0.16616006f);
    p = ndl_fma(p, f, 0.20001031f);
    p = ndl_fma(p, f, -0.25001064f);
    p = ndl_fma(p, f, 0.3333334f);
    float square = ndl_mul(f, f);
    float tail = ndl_fma(p, ndl_mul(square, f), ndl_mul(n, -1.9046542e-09f));
    tail = ndl_fma(square, -0.5f, tail);
    return ndl_fma(n, 0.69314718f, ndl_add(f, tail));
}

__device__ __forceinline__ double ndl_exact_log(double x)
{
    i64 bits = __double_as_longlong(x) - 0x3FE6A09E667F3BCDLL;
    double n = __ll2double_rn(bits >> 52);
    double f = ndl_add(__longlong_as_double((bits & 0x000FFFFFFFFFFFFFLL) + 0x3FE6A09E667F3BCDLL), -1.0);
    double s = __ddiv_rn(f, ndl_add(2.0, f));
    double z = ndl_mul(s, s);
    double p = 0.1479583781413039;
    p = ndl_fma(p, z, 0.15314068591612606);
    p = ndl_fma(p, z, 0.18183563321500368);
    p = ndl_fma(p, z, 0.22222198599137766);
    p = ndl_fma(p, z, 0.2857142874205726);
    p = ndl_fma(p, z, 0.39999999999416613);
    p = ndl_fma(p, z, 0.6666666666666734);
    p = ndl_mul(p, z);
    double half = ndl_mul(ndl_mul(0.5, f), f);
    double tail = ndl_fma(s, ndl_add(half, p), ndl_mul(n, 2.3190468138462996e-17));
    return ndl_fma(n, 0.6931471805599453, ndl_add(f, -ndl_add(half, -tail)));
}

// In [0, 1), of 24 or 53 bits.
__device__ __forceinline__ float ndl_uniform(u32 word) { return ndl_mul(__uint2float_rn(word >> 8), 1.0f / 16777216.0f); }

__device__ __forceinline__ double ndl_uniform(u64 word)
{
    double lower = ndl_mul(__uint2double_rn((u32)word >> 11), 1.0 / 9007199254740992.0);
    return ndl_fma(__uint2double_rn((u32)(word >> 32)), 1.0 / 4294967296.0, lower);
}

// Two independent normal numbers (Box and Muller): a radius, and an angle in a quadrant.
__device__ __forceinline__ void ndl_normals(u32 radius, u32 angle, float* z)
{
    float u = ndl_fma(__int2float_rn((i32)(radius >> 1)), 1.0f / 2147483648.0f, 1.0f / 4294967296.0f);
    float rho = __fsqrt_rn(ndl_mul(ndl_exact_log(u), -2.0f));

    u32 turned = angle + 0x20000000u, quadrant = turned >> 30;
    float r = ndl_mul(__int2float_rn((i32)((turned & 0x3FFFFFFFu) >> 6) - 0x00800000), 9.36267597e-08f);
    float square = ndl_mul(r, r);
    float s = -0.0001950554f;
    s = ndl_fma(s, square, 0.008332095f);
    s = ndl_fma(s, square, -0.16666654f);
    float sine = ndl_fma(s, ndl_mul(square, r), r);
    float c = 2.4414254e-05f;
    c = ndl_fma(c, square, -0.0013887142f);
    c = ndl_fma(c, square, 0.04166664f);
    c = ndl_fma(c, square, -0.5f);
    float cosine = ndl_fma(c, square, 1.0f);

    bool odd = (quadrant & 1u) != 0;
    u32 first = __float_as_uint(odd ? sine : cosine) ^ ((quadrant + 1u) & 2u) << 30;
    u32 second = __float_as_uint(odd ? cosine : sine) ^ (quadrant & 2u) << 30;
    z[0] = ndl_mul(__uint_as_float(first), rho);
    z[1] = ndl_mul(__uint_as_float(second), rho);
}

__device__ __forceinline__ void ndl_normals(u64 radius, u64 angle, double* z)
{
    double u = ndl_fma(__ull2double_rn(radius >> 12), 1.0 / 4503599627370496.0, 1.0 / 4503599627370496.0);
    double rho = __dsqrt_rn(ndl_mul(ndl_exact_log(u), -2.0));

    u64 turned = angle + (1ULL << 61), quadrant = turned >> 62;
    double r = ndl_mul(ndl_add(__ull2double_rn((turned & ((1ULL << 62) - 1)) >> 10), -2251799813685248.0), 3.487868498008632e-16);
    double square = ndl_mul(r, r);
    double s = 1.5895964940397525e-10;
    s = ndl_fma(s, square, -2.5050742654629106e-08);
    s = ndl_fma(s, square, 2.755731358412902e-06);
    s = ndl_fma(s, square, -0.00019841269829462844);
    s = ndl_fma(s, square, 0.008333333333321922);
    s = ndl_fma(s, square, -0.1666666666666663);
    double sine = ndl_fma(s, ndl_mul(square, r), r);
    double c = -1.1358757660658735e-11;
    c = ndl_fma(c, square, 2.087570556336216e-09);
    c = ndl_fma(c, square, -2.755731421825488e-07);
    c = ndl_fma(c, square, 2.4801587289005894e-05);
    c = ndl_fma(c, square, -0.0013888888888873346);
    c = ndl_fma(c, square, 0.041666666666666595);
    c = ndl_fma(c, square, -0.5);
    double cosine = ndl_fma(c, square, 1.0);

    bool odd = (quadrant & 1u) != 0;
    u64 first = (u64)__double_as_longlong(odd ? sine : cosine) ^ ((quadrant + 1u) & 2u) << 62;
    u64 second = (u64)__double_as_longlong(odd ? cosine : sine) ^ (quadrant & 2u) << 62;
    z[0] = ndl_mul(__longlong_as_double((i64)first), rho);
    z[1] = ndl_mul(__longlong_as_double((i64)second), rho);
}

template <class T> __device__ __forceinline__ T ndl_within2(T x) { return x < (T)-2 ? (T)-2 : x > (T)2 ? (T)2 : x; }

// A normal number cut off at 2 either way: the inverse of the cut distribution function.
__device__ __forceinline__ float ndl_truncated_normal(u32 word)
{
    float u = ndl_add(__int2float_rn((i32)(word >> 8) - 0x00800000), 0.5f);
    float x = ndl_mul(u, 1.13785234e-07f);
    float w = -ndl_exact_log(ndl_fma(-x, x, 1.0f));
    float p = 1.6823766e-07f;
    p = ndl_fma(p, w, -2.1274582e-06f);
    p = ndl_fma(p, w, 4.1331514e-06f);
    p = ndl_fma(p, w, 6.4470325e-05f);
    p = ndl_fma(p, w, -0.00018006773f);
    p = ndl_fma(p, w, -0.0033027478f);
    p = ndl_fma(p, w, 0.016333325f);
    p = ndl_fma(p, w, 0.32811686f);
    p = ndl_fma(p, w, 1.2533141f);
    return ndl_within2(ndl_mul(x, p));
}

__device__ __forceinline__ double ndl_truncated_normal(u64 word)
{
    double u = ndl_add(ndl_add(__ull2double_rn(word >> 12), -2251799813685248.0), 0.5);
    double x = ndl_mul(u, 0.9544997361036416 / 2251799813685248.0);
    double w = -ndl_exact_log(ndl_fma(-x, x, 1.0));
    double p = 9.669028703039113e-15;
    p = ndl_fma(p, w, 6.023991608646995e-14);
    p = ndl_fma(p, w, -3.90753430806446e-12);
    p = ndl_fma(p, w, 3.764211141231474e-11);
    p = ndl_fma(p, w, -8.330639238386945e-11);
    p = ndl_fma(p, w, -6.149650210496427e-10);
    p = ndl_fma(p, w, 8.73564072542966e-10);
    p = ndl_fma(p, w, 3.245344241117835e-08);
    p = ndl_fma(p, w, -5.292609586600893e-08);
    p = ndl_fma(p, w, -1.4318563287613047e-06);
    p = ndl_fma(p, w, 2.856646549502505e-06);
    p = ndl_fma(p, w, 6.591854610785219e-05);
    p = ndl_fma(p, w, -0.00018108056630163413);
    p = ndl_fma(p, w, -0.0033023324107229928);
    p = ndl_fma(p, w, 0.01633323614698529);
    p = ndl_fma(p, w, 0.3281168738692177);
    p = ndl_fma(p, w, 1.2533141373155003);
    return ndl_within2(ndl_mul(x, p));
}
