// CUDA's device functions as C++. Everything here is bit-exact where CUDA promises an exact result.
#pragma once
#include <math.h>
#include <stdint.h>
#include <atomic>
#include <bit>
#include <cstring>
#include <type_traits>
#include "state.h"

// glibc keeps these names for itself; the kernels' own are renamed.
#define __expf ndlsim__expf
#define __exp10f ndlsim__exp10f
#define __logf ndlsim__logf
#define __log2f ndlsim__log2f
#define __log10f ndlsim__log10f
#define __powf ndlsim__powf
#define __sinf ndlsim__sinf
#define __cosf ndlsim__cosf
#define __tanf ndlsim__tanf
#define __sincosf ndlsim__sincosf

// ---- synchronization -------------------------------------------------------------------------
inline void __syncthreads() { ndlsim_barrier(0, 0); }
inline int __syncthreads_count(int p) { return ndlsim_barrier(p, 1); }
inline int __syncthreads_and(int p) { return ndlsim_barrier(p, 2); }
inline int __syncthreads_or(int p) { return ndlsim_barrier(p, 3); }
inline void __syncwarp(unsigned mask = 0xffffffffu) { ndlsim_warp(ndlsim::WarpSync, mask, 0, 0, 32); }
inline void __threadfence() { std::atomic_thread_fence(std::memory_order_seq_cst); }
inline void __threadfence_block() { std::atomic_thread_fence(std::memory_order_seq_cst); }
inline void __threadfence_system() { std::atomic_thread_fence(std::memory_order_seq_cst); }
inline unsigned __activemask() { return ndlsim_active_lanes(); }
[[noreturn]] inline void __trap() { ndlsim_fail("the kernel called __trap()"); }
inline void __nanosleep(unsigned) {}

// ---- warp functions --------------------------------------------------------------------------
namespace ndlsim
{
template <class T> inline unsigned long long bits(T value)
{
    static_assert(sizeof(T) <= 8 && std::is_arithmetic_v<T>, "a shuffle moves numbers of at most 8 bytes");
    unsigned long long raw = 0;
    memcpy(&raw, &value, sizeof(T));
    return raw;
}
template <class T> inline T value_of(unsigned long long raw)
{
    T value;
    memcpy(&value, &raw, sizeof(T));
    return value;
}
template <class T> inline T shuffle(WarpOp op, unsigned mask, T value, int operand, int width)
{
    return value_of<T>(ndlsim_warp(op, mask, bits(value), operand, width));
}
}
template <class T> inline T __shfl_sync(unsigned m, T v, int lane, int width = 32) { return ndlsim::shuffle(ndlsim::WarpShuffle, m, v, lane, width); }
template <class T> inline T __shfl_up_sync(unsigned m, T v, unsigned d, int width = 32) { return ndlsim::shuffle(ndlsim::WarpShuffleUp, m, v, (int)d, width); }
template <class T> inline T __shfl_down_sync(unsigned m, T v, unsigned d, int width = 32)
{ return ndlsim::shuffle(ndlsim::WarpShuffleDown, m, v, (int)d, width); }
template <class T> inline T __shfl_xor_sync(unsigned m, T v, int lanes, int width = 32) { return ndlsim::shuffle(ndlsim::WarpShuffleXor, m, v, lanes, width); }
inline unsigned __ballot_sync(unsigned m, int p) { return (unsigned)ndlsim_warp(ndlsim::WarpBallot, m, p != 0, 0, 32); }
inline int __any_sync(unsigned m, int p) { return __ballot_sync(m, p) != 0; }
inline int __all_sync(unsigned m, int p) { return __ballot_sync(m, !p) == 0; }
template <class T> inline unsigned __match_any_sync(unsigned m, T v) { return (unsigned)ndlsim_warp(ndlsim::WarpMatchAny, m, ndlsim::bits(v), 0, 32); }
inline unsigned __reduce_add_sync(unsigned m, unsigned v) { return (unsigned)ndlsim_warp(ndlsim::WarpAddU, m, v, 0, 32); }
inline int __reduce_add_sync(unsigned m, int v) { return (int)ndlsim_warp(ndlsim::WarpAddU, m, (unsigned)v, 0, 32); }
inline unsigned __reduce_min_sync(unsigned m, unsigned v) { return (unsigned)ndlsim_warp(ndlsim::WarpMinU, m, v, 0, 32); }
inline unsigned __reduce_max_sync(unsigned m, unsigned v) { return (unsigned)ndlsim_warp(ndlsim::WarpMaxU, m, v, 0, 32); }
inline int __reduce_min_sync(unsigned m, int v) { return (int)ndlsim_warp(ndlsim::WarpMinS, m, (unsigned)v, 0, 32); }
inline int __reduce_max_sync(unsigned m, int v) { return (int)ndlsim_warp(ndlsim::WarpMaxS, m, (unsigned)v, 0, 32); }
inline unsigned __reduce_and_sync(unsigned m, unsigned v) { return (unsigned)ndlsim_warp(ndlsim::WarpAnd, m, v, 0, 32); }
inline unsigned __reduce_or_sync(unsigned m, unsigned v) { return (unsigned)ndlsim_warp(ndlsim::WarpOr, m, v, 0, 32); }
inline unsigned __reduce_xor_sync(unsigned m, unsigned v) { return (unsigned)ndlsim_warp(ndlsim::WarpXor, m, v, 0, 32); }

// ---- atomics ---------------------------------------------------------------------------------
template <class T> inline T atomicAdd(T* p, std::type_identity_t<T> v) { return std::atomic_ref<T>(*p).fetch_add(v); }
template <class T> inline T atomicSub(T* p, std::type_identity_t<T> v) { return std::atomic_ref<T>(*p).fetch_sub(v); }
template <class T> inline T atomicAnd(T* p, std::type_identity_t<T> v) { return std::atomic_ref<T>(*p).fetch_and(v); }
template <class T> inline T atomicOr(T* p, std::type_identity_t<T> v) { return std::atomic_ref<T>(*p).fetch_or(v); }
template <class T> inline T atomicXor(T* p, std::type_identity_t<T> v) { return std::atomic_ref<T>(*p).fetch_xor(v); }
template <class T> inline T atomicExch(T* p, std::type_identity_t<T> v) { return std::atomic_ref<T>(*p).exchange(v); }
template <class T> inline T atomicCAS(T* p, std::type_identity_t<T> compare, std::type_identity_t<T> v)
{
    std::atomic_ref<T>(*p).compare_exchange_strong(compare, v);
    return compare;
}
template <class T> inline T atomicMax(T* p, std::type_identity_t<T> v)
{
    std::atomic_ref<T> cell(*p);
    T old = cell.load();
    while (old < v && !cell.compare_exchange_weak(old, v)) {}
    return old;
}
template <class T> inline T atomicMin(T* p, std::type_identity_t<T> v)
{
    std::atomic_ref<T> cell(*p);
    T old = cell.load();
    while (v < old && !cell.compare_exchange_weak(old, v)) {}
    return old;
}
inline unsigned atomicInc(unsigned* p, unsigned limit)
{
    std::atomic_ref<unsigned> cell(*p);
    unsigned old = cell.load();
    while (!cell.compare_exchange_weak(old, old >= limit ? 0 : old + 1)) {}
    return old;
}

// ---- loads and stores ------------------------------------------------------------------------
template <class T> inline T __ldg(const T* p) { return *p; }
template <class T> inline T __ldcs(const T* p) { return *p; }
template <class T> inline T __ldcg(const T* p) { return *p; }
template <class T> inline void __stcs(T* p, std::type_identity_t<T> v) { *p = v; }
template <class T> inline void __stcg(T* p, std::type_identity_t<T> v) { *p = v; }

// ---- bits ------------------------------------------------------------------------------------
inline int __float_as_int(float v) { return std::bit_cast<int>(v); }
inline unsigned __float_as_uint(float v) { return std::bit_cast<unsigned>(v); }
inline float __int_as_float(int v) { return std::bit_cast<float>(v); }
inline float __uint_as_float(unsigned v) { return std::bit_cast<float>(v); }
inline long long __double_as_longlong(double v) { return std::bit_cast<long long>(v); }
inline double __longlong_as_double(long long v) { return std::bit_cast<double>(v); }
inline int __double2hiint(double v) { return (int)(std::bit_cast<long long>(v) >> 32); }
inline int __double2loint(double v) { return (int)std::bit_cast<long long>(v); }
inline double __hiloint2double(int hi, int lo) { return std::bit_cast<double>(((long long)hi << 32) | (unsigned)lo); }
inline int __popc(unsigned v) { return __builtin_popcount(v); }
inline int __popcll(unsigned long long v) { return __builtin_popcountll(v); }
inline int __clz(int v) { return v == 0 ? 32 : __builtin_clz((unsigned)v); }
inline int __clzll(long long v) { return v == 0 ? 64 : __builtin_clzll((unsigned long long)v); }
inline int __ffs(int v) { return __builtin_ffs(v); }
inline int __ffsll(long long v) { return __builtin_ffsll(v); }
inline unsigned __brev(unsigned v)
{
    unsigned r = 0;
    for (int i = 0; i < 32; i++) r |= ((v >> i) & 1u) << (31 - i);
    return r;
}
inline unsigned __byte_perm(unsigned a, unsigned b, unsigned s)
{
    unsigned long long all = ((unsigned long long)b << 32) | a;
    unsigned r = 0;
    for (int i = 0; i < 4; i++) r |= (unsigned)((all >> (8 * ((s >> (4 * i)) & 7))) & 0xff) << (8 * i);
    return r;
}
inline unsigned __funnelshift_l(unsigned lo, unsigned hi, unsigned n) { n &= 31; return n ? (hi << n) | (lo >> (32 - n)) : hi; }
inline unsigned __funnelshift_r(unsigned lo, unsigned hi, unsigned n) { n &= 31; return n ? (lo >> n) | (hi << (32 - n)) : lo; }
inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)(((unsigned long long)a * b) >> 32); }
inline int __mulhi(int a, int b) { return (int)(((long long)a * b) >> 32); }
__extension__ typedef unsigned __int128 ndlsim_u128;
__extension__ typedef __int128 ndlsim_s128;
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) { return (unsigned long long)(((ndlsim_u128)a * b) >> 64); }
inline long long __mul64hi(long long a, long long b) { return (long long)(((ndlsim_s128)a * b) >> 64); }
inline int __mul24(int a, int b) { return (int)((((long long)(a << 8) >> 8) * ((long long)(b << 8) >> 8))); }

// ---- conversions -----------------------------------------------------------------------------
namespace ndlsim
{
// CUDA's float-to-integer conversions saturate and send NaN to 0; C++ leaves both undefined.
template <class I, class F> inline I saturate(F v)
{
    if (v != v) return 0;
    constexpr I high = (I)(std::is_signed_v<I> ? ~(I)0 ^ ((I)1 << (sizeof(I) * 8 - 1)) : ~(I)0);
    constexpr I low = std::is_signed_v<I> ? (I)(-high - 1) : (I)0;
    if (v >= (F)high) return high;
    if (v <= (F)low) return low;
    return (I)v;
}
}
inline int __float2int_rn(float v) { return ndlsim::saturate<int>(rintf(v)); }
inline int __float2int_rz(float v) { return ndlsim::saturate<int>(truncf(v)); }
inline int __float2int_rd(float v) { return ndlsim::saturate<int>(floorf(v)); }
inline int __float2int_ru(float v) { return ndlsim::saturate<int>(ceilf(v)); }
inline unsigned __float2uint_rn(float v) { return ndlsim::saturate<unsigned>(rintf(v)); }
inline unsigned __float2uint_rz(float v) { return ndlsim::saturate<unsigned>(truncf(v)); }
inline long long __float2ll_rn(float v) { return ndlsim::saturate<long long>(rintf(v)); }
inline long long __float2ll_rz(float v) { return ndlsim::saturate<long long>(truncf(v)); }
inline int __double2int_rn(double v) { return ndlsim::saturate<int>(rint(v)); }
inline int __double2int_rz(double v) { return ndlsim::saturate<int>(trunc(v)); }
inline long long __double2ll_rn(double v) { return ndlsim::saturate<long long>(rint(v)); }
inline long long __double2ll_rz(double v) { return ndlsim::saturate<long long>(trunc(v)); }
inline float __int2float_rn(int v) { return (float)v; }
inline float __uint2float_rn(unsigned v) { return (float)v; }
inline float __ll2float_rn(long long v) { return (float)v; }
inline float __ull2float_rn(unsigned long long v) { return (float)v; }
inline double __int2double_rn(int v) { return v; }
inline double __uint2double_rn(unsigned v) { return v; }
inline double __ll2double_rn(long long v) { return (double)v; }
inline double __ull2double_rn(unsigned long long v) { return (double)v; }
inline float __double2float_rn(double v) { return (float)v; }

// ---- arithmetic ------------------------------------------------------------------------------
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fmaf_rn(float a, float b, float c) { return fmaf(a, b, c); }
inline float __fsqrt_rn(float v) { return sqrtf(v); }
inline float __frcp_rn(float v) { return 1.0f / v; }
inline double __dadd_rn(double a, double b) { return a + b; }
inline double __dsub_rn(double a, double b) { return a - b; }
inline double __dmul_rn(double a, double b) { return a * b; }
inline double __ddiv_rn(double a, double b) { return a / b; }
inline double __fma_rn(double a, double b, double c) { return fma(a, b, c); }
inline double __dsqrt_rn(double v) { return sqrt(v); }
inline double __drcp_rn(double v) { return 1.0 / v; }
inline float __fdividef(float a, float b) { return a / b; }
inline float fdividef(float a, float b) { return a / b; }
inline float __expf(float v) { return expf(v); }
inline float __exp10f(float v) { return ::powf(10.0f, v); }
inline float __logf(float v) { return logf(v); }
inline float __log2f(float v) { return log2f(v); }
inline float __log10f(float v) { return log10f(v); }
inline float __powf(float a, float b) { return powf(a, b); }
inline float __sinf(float v) { return sinf(v); }
inline float __cosf(float v) { return cosf(v); }
inline float __tanf(float v) { return tanf(v); }
inline void __sincosf(float v, float* s, float* c) { *s = sinf(v); *c = cosf(v); }
inline float __saturatef(float v) { return v >= 1.0f ? 1.0f : v > 0.0f ? v : 0.0f; }
inline float __frsqrt_rn(float v) { return (float)(1.0 / sqrt((double)v)); }
inline float rsqrtf(float v) { return (float)(1.0 / sqrt((double)v)); }
inline double rsqrt(double v) { return 1.0 / sqrt(v); }
inline float rsqrt(float v) { return rsqrtf(v); }
inline float rcbrtf(float v) { return 1.0f / cbrtf(v); }
inline double rcbrt(double v) { return 1.0 / cbrt(v); }
inline float sinpif(float v) { return (float)sin(M_PI * fmod((double)v, 2.0)); }
inline float cospif(float v) { return (float)cos(M_PI * fmod((double)v, 2.0)); }
inline double sinpi(double v) { return sin(M_PI * fmod(v, 2.0)); }
inline double cospi(double v) { return cos(M_PI * fmod(v, 2.0)); }
inline float normcdff(float v) { return (float)(0.5 * erfc(-(double)v * M_SQRT1_2)); }
inline double normcdf(double v) { return 0.5 * erfc(-v * M_SQRT1_2); }
inline double erfinv(double v)
{
    long double x = fabsl(v), left = 1.0L - x;
    if (!(x < 1.0L)) return x == 1.0L ? copysign(HUGE_VAL, v) : NAN;
    long double y = x < 0.9L ? x * 0.886226925452758L * (1.0L + 0.3L * x * x) : sqrtl(-logl(left)) - 0.2L;
    for (int i = 0; i < 40; i++)   // Newton
    {
        long double step = (x < 0.5L ? erfl(y) - x : left - erfcl(y)) * 0.886226925452758L * expl(y * y);
        y -= step;
        if (fabsl(step) <= 1e-17L * y) break;
    }
    return copysign((double)y, v);
}
inline float erfinv(float v) { return (float)erfinv((double)v); }
inline float erfinvf(float v) { return erfinv(v); }
inline float norm3df(float a, float b, float c) { return sqrtf(a * a + b * b + c * c); }

inline float max(float a, float b) { return fmaxf(a, b); }
inline float min(float a, float b) { return fminf(a, b); }
inline double max(double a, double b) { return fmax(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
inline double max(float a, double b) { return fmax((double)a, b); }
inline double min(float a, double b) { return fmin((double)a, b); }
inline double max(double a, float b) { return fmax(a, (double)b); }
inline double min(double a, float b) { return fmin(a, (double)b); }
template <class A, class B> requires (std::is_integral_v<A> && std::is_integral_v<B>)
constexpr std::common_type_t<A, B> max(A a, B b) { using T = std::common_type_t<A, B>; return (T)a < (T)b ? (T)b : (T)a; }
template <class A, class B> requires (std::is_integral_v<A> && std::is_integral_v<B>)
constexpr std::common_type_t<A, B> min(A a, B b) { using T = std::common_type_t<A, B>; return (T)b < (T)a ? (T)b : (T)a; }
