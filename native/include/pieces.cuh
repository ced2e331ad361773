// Reductions of the middle of [outer, length, inner] by pieces: who works where, and what threads of a piece do together.
// A launch reduces each piece of `piece` elements to one value; where a group of elements is longer than a piece, the
// values [outer, pieces, inner] are reduced in the same way by a further launch. Kernels are `name(parts, partsOut, split, ...)`:
// parts     null in the first launch, then the values of the one before
// partsOut  null in the last launch, which writes the results
// An element goes to a fixed thread and place, so the order of joins follows from the counts alone.
#pragma once
#include "ndl.cuh"

struct ndl_split
{
    i64 outer, length, inner, pieces;
    int piece, lanes;   // lanes: threads that share a piece, a power of two that divides the block
    int rows;           // whether the lanes are neighbouring threads, along a row (inner is 1), and not the columns
};

// What a thread has to do: `n` elements from number `first` of group `slice * inner + column`; the piece's value is number `result`.
struct ndl_piece
{
    i64 result, slice, column, first;
    int n, lane, across;
    bool exists;

    __device__ __forceinline__ explicit ndl_piece(const ndl_split& s)
    {
        across = blockDim.x / s.lanes;
        lane = s.rows ? threadIdx.x & (s.lanes - 1) : threadIdx.x / across;
        result = (i64)blockIdx.x * across + (s.rows ? threadIdx.x / s.lanes : threadIdx.x & (across - 1));
        exists = result < s.outer * s.pieces * s.inner;
        i64 number = s.inner == 1 ? result : result / s.inner;
        column = result - number * s.inner;
        slice = s.pieces == 1 ? number : number / s.pieces;
        first = (number - slice * s.pieces) * s.piece;
        n = !exists ? 0 : (int)(s.length - first < s.piece ? s.length - first : s.piece);
    }

    __device__ __forceinline__ i64 group(const ndl_split& s) const { return slice * s.inner + column; }
    __device__ __forceinline__ i64 start(const ndl_split& s) const { return (slice * s.length + first) * s.inner + column; }
    __device__ __forceinline__ bool writes() const { return lane == 0 && exists; }
};

// The join of value(i) for i = lane, lane + lanes, ... below n; eight at a time are under way, of large values four.
template <class V, class Value, class Join> __device__ __forceinline__ V ndl_down(V identity, int n, int lane, int lanes, Value value, Join join)
{
    constexpr int w = sizeof(V) <= 8 ? 8 : 4;
    V values[w];
#pragma unroll
    for (int j = 0; j < w; j++) values[j] = identity;
    for (int i = lane; i < n; i += w * lanes)
    {
#pragma unroll
        for (int j = 0; j < w; j++)
            if (i + j * lanes < n) values[j] = join(values[j], value(i + j * lanes));
    }
#pragma unroll
    for (int half = w / 2; half > 0; half /= 2)
#pragma unroll
        for (int j = 0; j < half; j++) values[j] = join(values[j], values[j + half]);
    return values[0];
}

// Joins what the lanes of each column have; lane 0 gets the result. `room` is shared, a value for each thread, and free again afterwards.
template <class V, class Join> __device__ __forceinline__ V ndl_join_lanes(V v, int lane, int lanes, int across, V* room, Join join)
{
    for (int half = lanes / 2; half > 0; half /= 2)
    {
        room[threadIdx.x] = v;
        __syncthreads();
        if (lane < half) v = join(v, room[threadIdx.x + half * across]);
        __syncthreads();
    }
    return v;
}

template <class T> struct ndl_pair
{
    T first, second;
};

// The sums of a pair for each element, value(number in the group, place in memory), in a launch of either kind.
template <class T, class Value> __device__ __forceinline__
    ndl_pair<T> ndl_sum_pairs(const ndl_pair<T>* parts, const ndl_split& split, const ndl_piece& my, ndl_pair<T>* room, Value value)
{
    auto join = [](ndl_pair<T> a, ndl_pair<T> b) { return ndl_pair<T>{a.first + b.first, a.second + b.second}; };
    ndl_pair<T> zero = {(T)0, (T)0};
    i64 start = my.start(split);
    ndl_pair<T> v = parts == nullptr
        ? ndl_down(zero, my.n, my.lane, split.lanes, [=](int i) { return value(my.first + i, start + i * split.inner); }, join)
        : ndl_down(zero, my.n, my.lane, split.lanes, [=](int i) { return parts[start + i * split.inner]; }, join);
    return ndl_join_lanes(v, my.lane, split.lanes, my.across, room, join);
}
