// Rows of contiguous elements, each worked on by `lanes` neighbouring threads (a power of two that divides the block;
// more than a warp are the whole block). A thread holds its share of a row in registers, so that a row of up to 128
// bytes a thread (16 a pack) is read from memory once however often it is looked at; a longer one is read strip by strip.
// By 16 bytes where the row is aligned; an element goes to the same thread and place in any case.
#pragma once
#include "lanes.cuh"
#include "reduce.cuh"

// Which row a thread works on. Threads of rows that do not exist see a row of no elements.
struct ndl_place
{
    i64 row;
    u32 n;
    int lane, lanes;
    bool exists;

    __device__ __forceinline__ ndl_place(i64 rows, int columns, int lanes) : lane(threadIdx.x & (lanes - 1)), lanes(lanes)
    {
        row = (i64)blockIdx.x * (blockDim.x / lanes) + threadIdx.x / lanes;
        exists = row < rows;
        n = exists ? columns : 0;
        if (!exists) row = 0;
    }

    // In a row that the whole block works on, wherever the caller's pointers say that it is.
    static __device__ __forceinline__ ndl_place of_block(int columns)
    {
        ndl_place all(1, columns, blockDim.x);
        all.row = 0;
        all.exists = true;
        all.n = columns;
        return all;
    }

    // The same place in the only row of an operand that all rows share.
    __device__ __forceinline__ ndl_place first() const
    {
        ndl_place same = *this;
        same.row = 0;
        return same;
    }
};

template <class T, int packs = 8> struct ndl_row
{
    static const int w = 16 / sizeof(T), size = packs * w;
    T items[size];
    const T* from;
    ndl_place my;
    int held;

    // Nothing is read yet.
    __device__ __forceinline__ ndl_row(const T* x, const ndl_place& place) : from(x + place.row * place.n), my(place), held(-1) {}

    __device__ __forceinline__ int strips() const { return (int)((my.n + my.lanes * size - 1) / (my.lanes * size)); }

    // Where item i of a strip stands in the row.
    __device__ __forceinline__ u32 at(int strip, int i) const { return ((u32)(strip * (size / w) + i / w) * my.lanes + my.lane) * w + i % w; }

    __device__ __forceinline__ void show(int strip)
    {
        if (held == strip) return;
        held = strip;
        bool aligned = ((u64)from & 15) == 0;
#pragma unroll
        for (int k = 0; k < size; k += w)
        {
            u32 first = at(strip, k);
            if (first >= my.n) break;
            if (aligned && first + w <= my.n)
            {
                ndl_lanes<T, w> v = ndl_load<T, w>(from + first);
#pragma unroll
                for (int j = 0; j < w; j++) items[k + j] = v.items[j];
            }
            else
            {
#pragma unroll
                for (int j = 0; j < w; j++)
                    if (first + j < my.n) items[k + j] = from[first + j];
            }
        }
    }

    // There already.
    __device__ __forceinline__ void bring(u32, u32) {}

    // The join over this thread's items of a strip, which all of them show.
    template <class R, class F> __device__ __forceinline__ T fold(int strip, F value) const
    {
        T v = R::template identity<T>();
#pragma unroll
        for (int k = 0; k < size; k += w)
        {
            u32 first = at(strip, k);
            if (first >= my.n) break;
            if (first + w <= my.n)
            {
#pragma unroll
                for (int j = 0; j < w; j++) v = R::join(v, value(k + j, first + j));
                continue;
            }
#pragma unroll
            for (int j = 0; j < w; j++)
                if (first + j < my.n) v = R::join(v, value(k + j, first + j));
        }
        return v;
    }

    // The join over the row of value(i, place), where items[i] of this row and of the others stands at that place; for
    // all threads of the row. Strips are joined after their items: long rows lose no accuracy.
    template <class R, class F, class... Others> __device__ __forceinline__ T reduce(T* room, F value, Others&... others)
    {
        T all = R::template identity<T>();
        for (int strip = 0; strip < strips(); strip++)
        {
            show(strip);
            (others.show(strip), ...);
            all = R::join(all, fold<R>(strip, value));
        }
        return ndl_lanes_reduce<R>(all, my.lanes, room);
    }

    // y = value(i, place).
    template <class F, class... Others> __device__ __forceinline__ void write(T* y, F value, Others&... others)
    {
        y += my.row * my.n;
        bool aligned = ((u64)y & 15) == 0;
        for (int strip = 0; strip < strips(); strip++)
        {
            show(strip);
            (others.show(strip), ...);
#pragma unroll
            for (int k = 0; k < size; k += w)
            {
                u32 first = at(strip, k);
                if (first >= my.n) break;
                (others.bring(first, my.n), ...);
                if (aligned && first + w <= my.n)
                {
                    ndl_lanes<T, w> v;
#pragma unroll
                    for (int j = 0; j < w; j++) v.items[j] = value(k + j, first + j);
                    ndl_store(y + first, v);
                    continue;
                }
#pragma unroll
                for (int j = 0; j < w; j++)
                    if (first + j < my.n) y[first + j] = value(k + j, first + j);
            }
        }
    }
};

// An operand that all rows share, one pack at hand at a time: items[i % w] belongs to item i of the row that is written. Held like
// a row it would take registers that other blocks want; read number by number it takes the cache more turns than the row itself.
template <class T> struct ndl_shared_row
{
    static const int w = 16 / sizeof(T);
    const T* p;
    bool aligned;
    T items[w];

    __device__ __forceinline__ explicit ndl_shared_row(const T* p) : p(p), aligned(((u64)p & 15) == 0) {}

    __device__ __forceinline__ void show(int) {}

    __device__ __forceinline__ void bring(u32 first, u32 n)
    {
        if (aligned && first + w <= n)
        {
            ndl_lanes<T, w> v = ndl_load<T, w>(p + first);
#pragma unroll
            for (int j = 0; j < w; j++) items[j] = v.items[j];
        }
        else
        {
#pragma unroll
            for (int j = 0; j < w; j++)
                if (first + j < n) items[j] = p[first + j];
        }
    }
};
