// A thread's share in bringing panels of an operand to shared memory, where they stand as [depth][lead]. Lines that run on are
// copied as they are, and nothing waits for them. Steps that run on are turned on their way through registers, by squares of
// pack x pack: read as packs of steps, written as packs of lines.
#pragma once
#include "operand.cuh"
#include "tile.cuh"

template <class Tile, class T, class X, int length> struct ndl_panel
{
    static const int pack = Tile::pack, depth = Tile::depth, threads = Tile::threads, line_packs = length / pack, step_packs = depth / pack;
    static const int lead = Tile::lead(length);
    static const int copies = line_packs * depth / threads;                                             // packs that a thread copies
    static const int squares = line_packs * step_packs, turns = squares < threads ? 1 : squares / threads;   // squares that it turns

    const X& x;
    int first;
    decltype(x.line(0)) lines[turns * pack];   // of its squares; or that of all packs that it copies
    ndl_pack<T> held[turns * pack];

    __device__ __forceinline__ ndl_panel(const X& x, int first) : x(x), first(first)
    {
        if (x.steps_run_on())
        {
#pragma unroll
            for (int i = 0; i < turns * pack; i++) lines[i] = x.line(first + turned_line(i / pack) + i % pack);
        }
        else lines[0] = x.line(first + copied_line());
    }

    // Threads side by side read the packs of steps of one square of lines, so that no more than two of the eight whose 16 bytes
    // go together meet at a bank of the cache; all eight would, if each had lines of its own.
    static __device__ __forceinline__ int turned_line(int i) { return (threadIdx.x + i * threads) / step_packs * pack; }
    static __device__ __forceinline__ int turned_step(int i) { return (threadIdx.x + i * threads) % step_packs * pack; }
    static __device__ __forceinline__ int copied_line() { return threadIdx.x % line_packs * pack; }
    static __device__ __forceinline__ int copied_step(int i) { return threadIdx.x / line_packs + i * (threads / line_packs); }
    static __device__ __forceinline__ bool turns_none() { return squares < threads && threadIdx.x >= squares; }

    // What is turned of the panel of the steps from `from`, none from `end` on, begins its way to registers with hold and ends
    // it with store; what is copied goes with copy. Others see both after ndl_async_wait and a barrier.
    __device__ __forceinline__ void store(T* room) const
    {
        if (!x.steps_run_on() || turns_none()) return;
#pragma unroll
        for (int i = 0; i < turns; i++)
#pragma unroll
            for (int u = 0; u < pack; u++)
            {
                ndl_pack<T> together;
#pragma unroll
                for (int j = 0; j < pack; j++) together.items[j] = held[i * pack + j].items[u];
                *reinterpret_cast<ndl_pack<T>*>(room + (turned_step(i) + u) * lead + turned_line(i)) = together;
            }
    }

    __device__ __forceinline__ void copy(int from, int end, T* room)
    {
        if (x.steps_run_on()) return;
        if (x.packed)
        {
#pragma unroll
            for (int i = 0; i < copies; i++)
            {
                auto step = x.step(from + copied_step(i), end);
                ndl_async_copy<16>(room + copied_step(i) * lead + copied_line(), x.at(lines[0], step), x.has(lines[0], step));
            }
            return;
        }
#pragma unroll
        for (int j = 0; j < pack; j++)
        {
            auto line = x.line(first + copied_line() + j);
#pragma unroll
            for (int i = 0; i < copies; i++)
            {
                auto step = x.step(from + copied_step(i), end);
                ndl_async_copy<sizeof(T)>(room + copied_step(i) * lead + copied_line() + j, x.at(line, step), x.has(line, step));
            }
        }
    }

    __device__ __forceinline__ void hold(int from, int end)
    {
        if (!x.steps_run_on() || turns_none()) return;
        const ndl_pack<T> zeros = {};
#pragma unroll
        for (int i = 0; i < turns; i++)
        {
            if (x.packed)
            {
                auto step = x.step(from + turned_step(i), end);
#pragma unroll
                for (int j = i * pack; j < (i + 1) * pack; j++)
                {
                    held[j] = zeros;
                    if (x.has(lines[j], step)) held[j] = *reinterpret_cast<const ndl_pack<T>*>(x.at(lines[j], step));
                }
                continue;
            }
#pragma unroll
            for (int u = 0; u < pack; u++)
            {
                auto step = x.step(from + turned_step(i) + u, end);
#pragma unroll
                for (int j = i * pack; j < (i + 1) * pack; j++) held[j].items[u] = x.has(lines[j], step) ? *x.at(lines[j], step) : (T)0;
            }
        }
    }
};
