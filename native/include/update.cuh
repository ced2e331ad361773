// The update of all parameters in a step of training: one launch for up to 64 of them, whose places stand in the launch's own
// arguments. A block works on `ndl_update_piece` elements of one parameter; which one, it finds by its number.
//
// An optimizer is a rule: a template of the type that is computed with, of which NDL_UPDATE makes the kernels,
//
//     template <class T> struct descent
//     {
//         static const int slots = 0;                                           // tensors kept for each parameter
//         T rate;
//         __device__ __forceinline__ descent(const double* a) : rate((T)a[0]) {}          // the step's numbers
//         __device__ __forceinline__ T apply(T p, T g, T* s) const { return p - rate * g; }    // s: its slots, overwritten
//     };
//     NDL_UPDATE(descent, descent)
//
// which is that of the C# class, to the operation. Where the numbers follow from settings and the number of the step alone, a kernel
// `{rule}_numbers_f64(numbers, settings, groups)` may make them, so that nothing is sent to the card in a step and a graph of
// launches goes on counting. A row of settings is laid out as one of numbers; its last place is how many steps were done.
//
// Parameters, gradients and slots are contiguous and of one shape; parameters and slots are overwritten, aligned to the
// element, and met by no other block. NaN propagates. A gradient is first multiplied with its scale (none: 1) and brought
// into ±limit, a parameter with the share that decay leaves of it. Half-precision parameters and gradients (S) are computed
// with as float, slots (T) are float beside them. Where is_good is given and false nothing is written.
// Moves each number once (parameter and slots twice, read and written) by 16 bytes.
#pragma once
#include "lanes.cuh"

constexpr int ndl_update_piece = 4096;
constexpr int ndl_update_row = 16;   // numbers of a group of parameters: the share that decay leaves, then the rule's own

// UpdateTable of C#.
struct ndl_update_table
{
    static constexpr int most = 64;
    u64 address[320];      // parameter, gradient and slots of each tensor
    i64 count[most];
    int number[most];      // among all parameters of the step
    int block[most + 1];   // where a tensor's blocks begin; the last is the end of all
    int tensors, each;     // addresses of one

    __device__ __forceinline__ int tensor_of(int b) const
    {
        int low = 0, high = tensors;   // block[low] <= b < block[high]
        while (high - low > 1)
        {
            int middle = (low + high) >> 1;
            if (block[middle] <= b) low = middle;
            else high = middle;
        }
        return low;
    }
};

// Elements begin to end of one parameter, w at a time; the rest that is no whole w stays.
template <class R, class S, class T, int w>
__device__ __forceinline__ void ndl_update_lanes(const R& rule, const u64* address, i64 begin, i64 end, T scale, T limit, T share)
{
    S* p = (S*)address[0];
    const S* g = (const S*)address[1];
    for (i64 i = begin + threadIdx.x * w; i <= end - w; i += blockDim.x * w)
    {
        ndl_lanes<S, w> value = ndl_load<S, w>(p + i), gradient = ndl_load<S, w>(g + i);
        ndl_lanes<T, w> slot[R::slots > 0 ? R::slots : 1];
#pragma unroll
        for (int k = 0; k < R::slots; k++) slot[k] = ndl_load<T, w>((const T*)address[2 + k] + i);
#pragma unroll
        for (int j = 0; j < w; j++)
        {
            T s[R::slots > 0 ? R::slots : 1];
#pragma unroll
            for (int k = 0; k < R::slots; k++) s[k] = slot[k].items[j];
            T v = ndl_up(gradient.items[j]) * scale;
            v = v < -limit ? -limit : v > limit ? limit : v;
            value.items[j] = ndl_down<S>(rule.apply(ndl_mul(share, ndl_up(value.items[j])), v, s));
#pragma unroll
            for (int k = 0; k < R::slots; k++) slot[k].items[j] = s[k];
        }
        ndl_store<S, w>(p + i, value);
#pragma unroll
        for (int k = 0; k < R::slots; k++) ndl_store<T, w>((T*)address[2 + k] + i, slot[k]);
    }
}

template <class R, class S>
__device__ __forceinline__ void ndl_update(const ndl_update_table& t, const double* numbers, int group, const double* scales, double limit, const bool* is_good)
{
    typedef ndl_compute<S> T;
    if (is_good && !*is_good) return;
    const double* row = numbers + group * ndl_update_row;
    R rule(row + 1);
    int k = t.tensor_of(blockIdx.x);
    const u64* address = t.address + k * (2 + R::slots);
    u64 all = 0;
#pragma unroll
    for (int i = 0; i < 2 + R::slots; i++) all |= address[i];
    T scale = scales ? (T)scales[t.number[k]] : (T)1, most = (T)limit, share = (T)row[0];
    i64 begin = (i64)((int)blockIdx.x - t.block[k]) * ndl_update_piece, end = min(begin + ndl_update_piece, t.count[k]);
    const int w = 16 / sizeof(T);
    i64 whole = (all & 15) == 0 ? begin + (end - begin) / w * w : begin;
    ndl_update_lanes<R, S, T, w>(rule, address, begin, whole, scale, most, share);
    ndl_update_lanes<R, S, T, 1>(rule, address, whole, end, scale, most, share);
}

#define NDL_UPDATE_KERNEL(name, rule, suffix, S) \
    extern "C" __global__ void __launch_bounds__(256) name##_##suffix(ndl_update_table t, const double* numbers, int group, const double* scales, \
        double limit, const bool* is_good) \
    { \
        ndl_update<rule<ndl_compute<S>>, S>(t, numbers, group, scales, limit, is_good); \
    }

#define NDL_UPDATE(name, rule) \
    NDL_UPDATE_KERNEL(name, rule, f32, float) \
    NDL_UPDATE_KERNEL(name, rule, f64, double) \
    NDL_UPDATE_KERNEL(name, rule, bf16, ndl_bf16) \
    NDL_UPDATE_KERNEL(name, rule, f16, ndl_f16)
