// argmax, argmin  the place of the greatest and of the smallest element in its group: of equal ones, and of NaNs, the first
#include "reductions.cuh"

template <class T> struct candidate
{
    T value;
    i32 place;
};

// Of equal ones the first wins, so no order of joins shows.
template <class R> struct extreme
{
    template <class T> using Value = candidate<T>;
    template <class T> static __device__ __forceinline__ candidate<T> identity() { return {R::template identity<T>(), 0x7fffffff}; }
    template <class T> static __device__ __forceinline__ candidate<T> join(candidate<T> a, candidate<T> b)
    {
        bool same = a.value == b.value || (a.value != a.value && b.value != b.value);
        bool first = same ? a.place < b.place : a.value != a.value || (b.value == b.value && R::join(a.value, b.value) == a.value);
        return first ? a : b;
    }
    template <class T> static __device__ __forceinline__ candidate<T> exchange(candidate<T> v, int offset)
    {
        return {__shfl_xor_sync(0xffffffffu, v.value, offset), __shfl_xor_sync(0xffffffffu, v.place, offset)};
    }
    template <class T> static __device__ __forceinline__ T shift(T s) { return s; }
    template <class T> static __device__ __forceinline__ candidate<T> map(T x, T, i32 place) { return {x, place}; }
    template <class T> static __device__ __forceinline__ i32 finish(candidate<T> v, T, double) { return v.place; }
};

struct fn_argmax : extreme<ndl_max> {};
struct fn_argmin : extreme<ndl_min> {};

#define PLACES(name) \
    NDL_REDUCTION(name, f32, float, i32) NDL_REDUCTION(name, f64, double, i32) NDL_REDUCTION(name, i32, i32, i32) NDL_REDUCTION(name, i64, i64, i32)

PLACES(argmax)
PLACES(argmin)
