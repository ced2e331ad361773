// Casts: cast_<to>_<from>, as convert.cuh defines them; to truth values 1 where x is not 0 (NaN is not).
// The layout is that of elementwise.cuh. Moves each element once, about 1 FLOP.
#include "convert.cuh"
#include "elementwise.cuh"

template <class To> struct fn_cast { template <class T> static __device__ __forceinline__ To apply(T x, const double*) { return ndl_convert<To>(x); } };
struct fn_truth { template <class T> static __device__ __forceinline__ u8 apply(T x, const double*) { return x != (T)0 ? 1 : 0; } };

#define CAST(to, To, from, From, function) \
    extern "C" __global__ void __launch_bounds__(256) cast_##to##_##from(const From* x, To* y, i64 n, ndl_walk walk, ndl_attributes a) \
    { ndl_unary<function, From, To>(x, y, n, walk, a); }

#define TO_F32(from, From) CAST(f32, float, from, From, fn_cast<float>)
#define TO_F64(from, From) CAST(f64, double, from, From, fn_cast<double>)
#define TO_I32(from, From) CAST(i32, i32, from, From, fn_cast<i32>)
#define TO_I64(from, From) CAST(i64, i64, from, From, fn_cast<i64>)
#define TO_U8(from, From) CAST(u8, u8, from, From, fn_cast<u8>)
#define TO_B8(from, From) CAST(b8, u8, from, From, fn_truth)
#define TO_BF16(from, From) CAST(bf16, ndl_bf16, from, From, fn_cast<ndl_bf16>)
#define TO_F16(from, From) CAST(f16, ndl_f16, from, From, fn_cast<ndl_f16>)
#define TO_HALF(from, From) TO_BF16(from, From) TO_F16(from, From)
#define TO_OTHERS(from, From) TO_F32(from, From) TO_F64(from, From) TO_I32(from, From) TO_I64(from, From) TO_U8(from, From) TO_B8(from, From)

TO_F64(f32, float) TO_I32(f32, float) TO_I64(f32, float) TO_U8(f32, float) TO_B8(f32, float)
TO_F32(f64, double) TO_I32(f64, double) TO_I64(f64, double) TO_U8(f64, double) TO_B8(f64, double)
TO_F32(i32, i32) TO_F64(i32, i32) TO_I64(i32, i32) TO_U8(i32, i32) TO_B8(i32, i32)
TO_F32(i64, i64) TO_F64(i64, i64) TO_I32(i64, i64) TO_U8(i64, i64) TO_B8(i64, i64)
TO_F32(u8, u8) TO_F64(u8, u8) TO_I32(u8, u8) TO_I64(u8, u8) TO_B8(u8, u8)
TO_F32(b8, u8) TO_F64(b8, u8) TO_I32(b8, u8) TO_I64(b8, u8) TO_U8(b8, u8)
TO_HALF(f32, float) TO_HALF(f64, double) TO_HALF(i32, i32) TO_HALF(i64, i64) TO_HALF(u8, u8) TO_HALF(b8, u8)
TO_OTHERS(bf16, ndl_bf16) TO_F16(bf16, ndl_bf16)
TO_OTHERS(f16, ndl_f16) TO_BF16(f16, ndl_f16)
