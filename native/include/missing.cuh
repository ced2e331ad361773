// What stands for an element that an index out of range names: NaN, or 0 of whole numbers.
#pragma once
#include "lanes.cuh"

template <class T> __device__ __forceinline__ T missing() { return (T)0; }
template <> __device__ __forceinline__ float missing<float>() { return __int_as_float(0x7fc00000); }
template <> __device__ __forceinline__ double missing<double>() { return __longlong_as_double(0x7ff8000000000000LL); }
template <> __device__ __forceinline__ ndl_bf16 missing<ndl_bf16>() { return {0x7fff}; }
template <> __device__ __forceinline__ ndl_f16 missing<ndl_f16>() { return {0x7fff}; }
