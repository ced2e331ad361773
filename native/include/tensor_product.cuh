// Matrix products of half-precision numbers by tensor cores: a block sums a tile of the result, a warp a part of it, in float, from
// panels of both operands in shared memory. Several panels are on their way while one is multiplied.
//
// Rows of operands begin at whole, aligned 16 bytes. Where steps run on a panel stands as [line][depth], else as [depth][line], and
// packs of 16 bytes are so exchanged within their row that the eight rows which go together meet at no bank.
// Sums go over the steps in their order: they depend on the sizes alone.
#pragma once
#include "elementwise.cuh"
#include "mma.cuh"

// A tile of rows x columns, panels of `depth` steps, `stages` of them; a warp has 64 x 64 of it, or less.
template <int rows_, int columns_, int depth_, int stages_, int warp_rows_, int warp_columns_, int blocks_> struct ndl_tensor_tile
{
    static const int rows = rows_, columns = columns_, depth = depth_, stages = stages_, warp_rows = warp_rows_, warp_columns = warp_columns_, blocks = blocks_;
    static const int pack = 8, threads = rows / warp_rows * (columns / warp_columns) * 32;
    static const int panel = depth * (rows + columns), room = stages * panel;   // numbers
};

// A thread's share in bringing panels of an operand of which steps run on, or lines.
template <class Tile, class T, int length, bool steps_run_on> struct ndl_tensor_panel
{
    static const int pack = Tile::pack, across = (steps_run_on ? Tile::depth : length) / pack, down = Tile::threads / across;
    static const int copies = length * Tile::depth / pack / Tile::threads;

    const T* p;    // its first pack in the next panel
    i64 advance;   // from panel to panel
    i64 hop;       // from pack to pack
    u32 to;        // where its first pack goes in a panel, in bytes
    int number;    // of its first row, and of its pack in each
    int column;
    bool whole;    // whether all lines of the block's panel are there
    int there[copies];   // bytes of its packs that there are

    __device__ __forceinline__ ndl_tensor_panel(const T* x, i64 stride, int lines, int first, int from)
    {
        number = threadIdx.x / across;
        column = threadIdx.x % across * pack;
        int inside = lines - first - (steps_run_on ? number : column);
        whole = first + length <= lines;
#pragma unroll
        for (int i = 0; i < copies; i++) there[i] = steps_run_on ? (i * down < inside ? 16 : 0) : bytes(inside);
        p = x + (steps_run_on ? (first + number) * stride + from + column : (from + number) * stride + first + column);
        advance = steps_run_on ? Tile::depth : Tile::depth * stride;
        hop = down * stride;
        to = place(number, column / pack);
    }

    static __device__ __forceinline__ int bytes(int numbers) { return numbers <= 0 ? 0 : numbers >= pack ? 16 : numbers * (int)sizeof(T); }

    // Where a pack of a row stands, in bytes. Rows that are a multiple of 8 apart turn alike.
    static __device__ __forceinline__ u32 place(int row, int pack_of_row)
    {
        int turn = across >= 8 ? row & 7 : row >> 1 & 3;
        return (row * across + (pack_of_row ^ turn)) * 16;
    }

    // The panel of the steps from `from`, none from `end` on. What may be cut off takes the card five instructions more a pack.
    __device__ __forceinline__ void copy(int from, int end, ndl_shared room)
    {
        const T* next = p;
        p += advance;
        if (whole && from + Tile::depth <= end)
        {
#pragma unroll
            for (int i = 0; i < copies; i++)
            {
                ndl_async_pack(room + to + i * down * across * 16, next);
                next += hop;
            }
            return;
        }
#pragma unroll
        for (int i = 0; i < copies; i++)
        {
            int left = steps_run_on ? bytes(end - from - column) : from + number + i * down < end ? 16 : 0;
            ndl_async_part(room + to + i * down * across * 16, next, there[i] < left ? there[i] : left);
            next += hop;
        }
    }

    // Where this lane's rows of matrices for a fragment stand, that of the lines from `line` and the step `step` of a panel, in bytes:
    // lines first as an operand a of mma wants them, steps first for b.
    template <bool lines_first> static __device__ __forceinline__ u32 fragment(int line, int step)
    {
        int lane = threadIdx.x % 32, matrix = lane / 8, low = matrix % 2, high = matrix / 2;
        int line_half = lines_first ? low : high, step_half = lines_first ? high : low;
        return steps_run_on ? place(line + line_half * 8 + lane % 8, step / pack + step_half) : place(step + step_half * 8 + lane % 8, line / pack + line_half);
    }
};

// The places of a warp's fragments of an operand in a panel. Where steps run on a step's place is the same for all lines but for whole
// rows, else a line's for all steps: no more is kept than differs.
template <class Panel, class Tile, int count, bool steps_run_on, bool lines_first> struct ndl_tensor_places
{
    static const int steps = Tile::depth / 16;
    u32 first[steps_run_on ? steps : count];

    __device__ __forceinline__ explicit ndl_tensor_places(int line)
    {
        if (steps_run_on)
#pragma unroll
            for (int k = 0; k < steps; k++) first[k] = Panel::template fragment<lines_first>(line, 16 * k);
        else
#pragma unroll
            for (int i = 0; i < count; i++) first[i] = Panel::template fragment<lines_first>(line + 16 * i, 0);
    }

    __device__ __forceinline__ void read(u32 (&to)[count][4], ndl_shared room, int step) const
    {
#pragma unroll
        for (int i = 0; i < count; i++)
        {
            if (steps_run_on) ndl_matrices<false>(to[i], room + first[step], i * 16 * Panel::across * 16);
            else ndl_matrices<true>(to[i], room + first[i], step * 16 * Panel::across * 16);
        }
    }
};

template <class Tile> struct ndl_tensor_sums
{
    static const int down = Tile::warp_rows / 16, across = Tile::warp_columns / 8;
    float items[down][across][4];

    static __device__ __forceinline__ int row() { return threadIdx.x / 32 / (Tile::columns / Tile::warp_columns) * Tile::warp_rows; }
    static __device__ __forceinline__ int column() { return threadIdx.x / 32 % (Tile::columns / Tile::warp_columns) * Tile::warp_columns; }
};

// The sums over steps from..end of the tile at (row, column) of a [m, k] and b [n, k], lines apart by their strides or steps.
template <class Tile, class T, bool turn_a, bool turn_b>
__device__ __forceinline__ void ndl_tensor_product(const T* a, i64 stride_a, int m, int row, const T* b, i64 stride_b, int n, int column, int from, int end,
    ndl_shared room, ndl_tensor_sums<Tile>& sums)
{
    typedef ndl_tensor_panel<Tile, T, Tile::rows, turn_a> panel_a;
    typedef ndl_tensor_panel<Tile, T, Tile::columns, turn_b> panel_b;
    typedef ndl_tensor_sums<Tile> shares;
    const int size_a = Tile::depth * Tile::rows * 2, size = Tile::panel * 2, steps = Tile::depth / 16, pairs = shares::across / 2;
    panel_a pa(a, stride_a, m, row, from);
    panel_b pb(b, stride_b, n, column, from);
    ndl_tensor_places<panel_a, Tile, shares::down, turn_a, true> left_places(shares::row());
    ndl_tensor_places<panel_b, Tile, pairs, turn_b, false> right_places(shares::column());
    int next = from;
    ndl_shared arrives = room, now = room, last = room + (Tile::stages - 1) * size;
#pragma unroll
    for (int s = 0; s < Tile::stages - 1; s++)
    {
        if (next < end)
        {
            pa.copy(next, end, arrives);
            pb.copy(next, end, arrives + size_a);
        }
        ndl_async_commit();
        next += Tile::depth;
        arrives = arrives + size;
    }
#pragma unroll 1
    for (; from < end; from += Tile::depth)
    {
        ndl_async_wait<Tile::stages - 2>();
        __syncthreads();   // this panel is there, and nobody reads the one before any more
        u32 left[2][shares::down][4], right[2][pairs][4];
        left_places.read(left[0], now, 0);
        right_places.read(right[0], now + size_a, 0);
#pragma unroll
        for (int k = 0; k < steps; k++)
        {
            if (k + 1 < steps)
            {
                left_places.read(left[(k + 1) % 2], now, k + 1);
                right_places.read(right[(k + 1) % 2], now + size_a, k + 1);
            }
#pragma unroll
            for (int i = 0; i < shares::down; i++)
#pragma unroll
                for (int j = 0; j < shares::across; j++)
                    ndl_mma<T>(sums.items[i][j], left[k % 2][i], right[k % 2][j / 2][j % 2 * 2], right[k % 2][j / 2][j % 2 * 2 + 1]);
            // Between products, or all warps would begin a panel with these.
            if (k == 0 && next < end) pa.copy(next, end, arrives);
            if (k == 1 && next < end) pb.copy(next, end, arrives + size_a);
        }
        ndl_async_commit();
        next += Tile::depth;
        arrives = arrives == last ? room : arrives + size;
        now = now == last ? room : now + size;
    }
}
