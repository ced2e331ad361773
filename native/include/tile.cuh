// Tiles of the result of a matrix product, how the threads of a block share one, and what a thread multiplies.
#pragma once
#include "elementwise.cuh"

// A tile of rows x columns; a panel is `depth_packs` times 16 bytes deep; a thread sums down x across results; so many blocks
// should fit a multiprocessor's registers. `whole`: products of packed operands have loops of their own, unrolled as a whole.
template <class T, int rows_, int columns_, int depth_packs, int down_, int across_, int blocks_, bool whole_> struct ndl_tile
{
    static const int rows = rows_, columns = columns_, down = down_, across = across_, blocks = blocks_;
    static const int pack = ndl_pack<T>::size, depth = depth_packs * pack, threads = rows / down * (columns / across);
    static const bool whole = whole_;

    // Lines of a panel in shared memory and one pack more, so that the threads that turn steps do not all write to one bank.
    static __device__ __host__ constexpr int lead(int length) { return length + pack; }

    // Two panels of either operand.
    static const int room = 2 * depth * (rows + columns + 2 * pack);
};

// Large and tall tiles are for float: a thread's 64 doubles would leave a multiprocessor one block.
template <class T> using ndl_large = ndl_tile<T, 128, 128, 4, 8, 16, 2, true>;
template <class T> using ndl_tall = ndl_tile<T, 128, 64, 4, 8, 8, 2, true>;
template <class T> using ndl_medium = ndl_tile<T, 64, 64, 4, 8, sizeof(T) == 4 ? 8 : 4, sizeof(T) == 4 ? 4 : 2, sizeof(T) == 4>;
template <class T> using ndl_small = ndl_tile<T, 32, 32, 8, 4, 4, 2, false>;

// Where a thread's results stand in its block's tile. A warp is 4 threads down and 8 across, and has a part of the tile to itself;
// a thread has packs of neighbours, so spread that the warp reads whole lines of shared memory and writes whole lines of the result.
// The lanes go in a zigzag: with a neighbour whose lane differs in one low bit each has its row in common, and with another its
// column, which is when 16 bytes for each of 32 lanes come in two turns instead of four.
template <class Tile> struct ndl_share
{
    int row, column;

    __device__ __forceinline__ ndl_share()
    {
        const int warps_across = Tile::columns / (8 * Tile::across);
        int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
        row = warp / warps_across * (4 * Tile::down) + (lane / 16 * 2 + lane % 2) * Tile::pack;
        column = warp % warps_across * (8 * Tile::across) + lane / 2 % 8 * Tile::pack;
    }

    static __device__ __forceinline__ int down(int i) { return i / Tile::pack * 4 * Tile::pack; }
    static __device__ __forceinline__ int across(int j) { return j / Tile::pack * 8 * Tile::pack; }
};

// What a thread multiplies in one step: a column of its rows with a row of its columns.
template <class Tile, class T> struct ndl_fragments
{
    static const int pack = Tile::pack;
    ndl_pack<T> u[Tile::down / pack], v[Tile::across / pack];

    __device__ __forceinline__ void read(const T* a, const T* b)
    {
#pragma unroll
        for (int i = 0; i < Tile::down; i += pack) u[i / pack] = *reinterpret_cast<const ndl_pack<T>*>(a + ndl_share<Tile>::down(i));
#pragma unroll
        for (int j = 0; j < Tile::across; j += pack) v[j / pack] = *reinterpret_cast<const ndl_pack<T>*>(b + ndl_share<Tile>::across(j));
    }

    __device__ __forceinline__ void add(T (&sum)[Tile::down][Tile::across]) const
    {
#pragma unroll
        for (int i = 0; i < Tile::down; i++)
#pragma unroll
            for (int j = 0; j < Tile::across; j++) sum[i][j] += u[i / pack].items[i % pack] * v[j / pack].items[j % pack];
    }
};
