// Random tensors: element i is a function of the stream (key, offset) and i alone, as random.cuh says; the bits are the CPU's.
//
// random_uniform           y = low + u (high - low), rounded once, with u in [0, 1)
// random_normal            y = mean + z deviation, rounded once
// random_truncated_normal  the same, with z cut off at 2 either way
// random_bernoulli         y = 1 where the element's word is below the threshold, else 0
// dropout                  y = x factor where the element's word is below the threshold, else x 0 (NaN for NaN and infinities)
//
// y        n elements, contiguous, aligned to 16 bytes; x likewise, aligned to its element
// A thread makes whole blocks of four words. A float takes one word and a double two; a choice takes one for any type.
// Overwrites y. Moves each element once (dropout twice); 20 FLOPs a word, 30 more a normal number.
#include "random.cuh"

// A pair of numbers, j and j + 1 of a block.
struct uniform
{
    template <class T> static __device__ __forceinline__ void make(const ndl_words& words, int j, T* u)
    {
        u[0] = ndl_uniform(words.of(j, (T)0));
        u[1] = ndl_uniform(words.of(j + 1, (T)0));
    }
};

struct normal
{
    template <class T> static __device__ __forceinline__ void make(const ndl_words& words, int j, T* z)
    { ndl_normals(words.of(j, (T)0), words.of(j + 1, (T)0), z); }
};

struct truncated
{
    template <class T> static __device__ __forceinline__ void make(const ndl_words& words, int j, T* z)
    {
        z[0] = ndl_truncated_normal(words.of(j, (T)0));
        z[1] = ndl_truncated_normal(words.of(j + 1, (T)0));
    }
};

// y = shift + number scale. A block of words is 16 bytes of numbers.
template <class F, class T> __device__ __forceinline__ void numbers(T* y, const ndl_stream& stream, T shift, T scale, i64 n)
{
    constexpr int w = 16 / sizeof(T);
    for (i64 block = ndl_index(); block * w < n; block += ndl_stride())
    {
        ndl_words words = ndl_philox(stream, block);
        ndl_pack<T, w> made;
#pragma unroll
        for (int j = 0; j < w; j += 2) F::make(words, j, made.items + j);
#pragma unroll
        for (int j = 0; j < w; j++) made.items[j] = ndl_fma(made.items[j], scale, shift);
        T* to = y + block * w;
        if (block * w + w <= n) *reinterpret_cast<ndl_pack<T, w>*>(to) = made;
        else
            for (int j = 0; block * w + j < n; j++) to[j] = made.items[j];
    }
}

template <class T> __device__ __forceinline__ void bernoulli(T* y, const ndl_stream& stream, u64 threshold, i64 n)
{
    constexpr int w = sizeof(T) == 8 ? 2 : 4;
    for (i64 block = ndl_index(); block * 4 < n; block += ndl_stride())
    {
        ndl_words words = ndl_philox(stream, block);
#pragma unroll
        for (int part = 0; part < 4; part += w)
        {
            i64 i = block * 4 + part;
            ndl_pack<T, w> made;
#pragma unroll
            for (int j = 0; j < w; j++) made.items[j] = words.items[part + j] < threshold ? (T)1 : (T)0;
            if (i + w <= n) *reinterpret_cast<ndl_pack<T, w>*>(y + i) = made;
            else
                for (int j = 0; i + j < n; j++) y[i + j] = made.items[j];
        }
    }
}

template <class T> __device__ __forceinline__ void dropout(const T* x, T* y, const ndl_stream& stream, u64 threshold, T factor, i64 n)
{
    constexpr int w = 16 / sizeof(T);
    bool whole = ndl_is_aligned<w>(x);
    for (i64 block = ndl_index(); block * 4 < n; block += ndl_stride())
    {
        ndl_words words = ndl_philox(stream, block);
#pragma unroll
        for (int part = 0; part < 4; part += w)
        {
            i64 i = block * 4 + part;
            ndl_pack<T, w> mask;
#pragma unroll
            for (int j = 0; j < w; j++) mask.items[j] = words.items[part + j] < threshold ? factor : (T)0;
            if (whole && i + w <= n)
            {
                ndl_pack<T, w> kept = *reinterpret_cast<const ndl_pack<T, w>*>(x + i);
#pragma unroll
                for (int j = 0; j < w; j++) kept.items[j] *= mask.items[j];
                *reinterpret_cast<ndl_pack<T, w>*>(y + i) = kept;
            }
            else
                for (int j = 0; j < w && i + j < n; j++) y[i + j] = x[i + j] * mask.items[j];
        }
    }
}

#define NUMBERS(name, function, suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) name##_##suffix(T* y, u64 key, u64 offset, double shift, double scale, i64 n) \
    { numbers<function>(y, {key, offset}, (T)shift, (T)scale, n); }

#define RANGE(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) random_uniform_##suffix(T* y, u64 key, u64 offset, double low, double high, i64 n) \
    { numbers<uniform>(y, {key, offset}, (T)low, (T)high - (T)low, n); }

#define CHOICES(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) random_bernoulli_##suffix(T* y, u64 key, u64 offset, u64 threshold, i64 n) \
    { bernoulli(y, {key, offset}, threshold, n); }

#define DROPOUT(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) dropout_##suffix(const T* x, T* y, u64 key, u64 offset, u64 threshold, double factor, i64 n) \
    { dropout(x, y, {key, offset}, threshold, (T)factor, n); }

RANGE(f32, float)
RANGE(f64, double)
NUMBERS(random_normal, normal, f32, float)
NUMBERS(random_normal, normal, f64, double)
NUMBERS(random_truncated_normal, truncated, f32, float)
NUMBERS(random_truncated_normal, truncated, f64, double)
CHOICES(f32, float)
CHOICES(f64, double)
CHOICES(i32, i32)
CHOICES(i64, i64)
CHOICES(b8, u8)
CHOICES(u8, u8)
DROPOUT(f32, float)
DROPOUT(f64, double)
