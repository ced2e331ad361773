// What matrix products and convolutions share: a block sums sum[line][column] = sum over steps of a(line, step) * b(column, step)
// for a tile of the result, in registers, from panels of both operands that it brings into shared memory two at a time:
// while one pair is multiplied, the next is on its way.
//
// An operand is a struct that says where its elements stand:
//   line(i), step(k, end)    what address arithmetic there is to do once for a line, or once for a step; outside it says so
//   at(line, step)           the address of an element, or null for a zero: outside of the matrix, or of the image
//   steps_run_on()           whether neighbouring steps stand side by side in memory; else neighbouring lines do
//   packed                   whether they do so by whole, aligned 16 bytes that are all there or all zero
//
// Sums go over the steps in their order, so they depend on the sizes alone. NaN and infinities of an operand meet only the
// elements that they are multiplied with: the zeros beyond an edge meet zeros.
#pragma once
#include "elementwise.cuh"

// A tile of rows x columns; a panel is `depth_packs` times 16 bytes deep; a thread sums down x across results.
template <class T, int rows_, int columns_, int depth_packs, int down_, int across_> struct ndl_tile
{
    static const int rows = rows_, columns = columns_, down = down_, across = across_, pack = ndl_pack<T>::size, depth = depth_packs * pack;
    static const int threads_down = rows / down, threads_across = columns / across, threads = threads_down * threads_across;
    static const int blocks = 2;   // that a multiprocessor's registers must do for
};

// Large tiles are for float: a thread's 64 doubles would leave a multiprocessor one block.
template <class T> using ndl_large = ndl_tile<T, 128, 128, 4, 8, 8>;
template <class T> using ndl_medium = ndl_tile<T, 64, 64, 4, 8, 4>;
template <class T> using ndl_small = ndl_tile<T, 32, 32, 8, 4, 4>;

// A matrix: element (line, step) at p[line * line_stride + step * step_stride], one of the strides being 1.
template <class T> struct ndl_matrix
{
    const T* p;
    i64 line_stride, step_stride;
    int lines;
    bool packed;

    __device__ __forceinline__ ndl_matrix(const T* p, i64 line_stride, i64 step_stride, int lines, int steps)
        : p(p), line_stride(line_stride), step_stride(step_stride), lines(lines)
    {
        const int pack = ndl_pack<T>::size;
        packed = ndl_is_aligned16(p) && (step_stride == 1 ? steps : lines) % pack == 0 && (step_stride == 1 ? line_stride : step_stride) % pack == 0;
    }

    __device__ __forceinline__ bool steps_run_on() const { return step_stride == 1; }
    __device__ __forceinline__ i64 line(int i) const { return i < lines ? i * line_stride : -1; }
    __device__ __forceinline__ i64 step(int k, int end) const { return k < end ? k * step_stride : -1; }
    __device__ __forceinline__ const T* at(i64 line, i64 step) const { return (line | step) >= 0 ? p + line + step : nullptr; }
};

template <class T> __device__ __forceinline__ T ndl_load_or_zero(const T* p) { return p != nullptr ? *p : (T)0; }

template <class T> __device__ __forceinline__ ndl_pack<T> ndl_load_pack_or_zero(const T* p)
{
    if (p != nullptr) return *reinterpret_cast<const ndl_pack<T>*>(p);
    ndl_pack<T> zero;
#pragma unroll
    for (int j = 0; j < ndl_pack<T>::size; j++) zero.items[j] = (T)0;
    return zero;
}

// A thread's share in bringing panels of an operand to shared memory, where they stand as [depth][length]. Lines that run
// on are copied as they are; steps that run on are turned on their way through registers, and so is what is not packed.
template <class T, class X, int length, int depth, int threads> struct ndl_panel
{
    static const int pack = ndl_pack<T>::size, count = length * depth / (pack * threads);
    static const int lead = length + pack;   // one pack more, so that the threads that turn steps do not all write to one bank
    static const int step_packs = depth / pack, line_packs = length / pack;

    const X& x;
    int first;
    decltype(x.line(0)) lines[count];   // of each pack where steps run on; where lines do, the first is that of all packs
    ndl_pack<T> held[count];

    __device__ __forceinline__ ndl_panel(const X& x, int first) : x(x), first(first)
    {
#pragma unroll
        for (int i = 0; i < count; i++) lines[i] = x.line(first + (x.steps_run_on() ? turned_line(i) : straight_line()));
    }

    static __device__ __forceinline__ int turned_line(int i) { return threadIdx.x / step_packs + i * (threads / step_packs); }
    static __device__ __forceinline__ int turned_step() { return threadIdx.x % step_packs * pack; }
    static __device__ __forceinline__ int straight_line() { return threadIdx.x % line_packs * pack; }
    static __device__ __forceinline__ int straight_step(int i) { return threadIdx.x / line_packs + i * (threads / line_packs); }

    // Begins to read the panel of the steps from `from`, none from `end` on.
    __device__ __forceinline__ void load(int from, int end, T* room)
    {
        if (x.steps_run_on())
        {
            if (x.packed)
            {
                auto step = x.step(from + turned_step(), end);
#pragma unroll
                for (int i = 0; i < count; i++) held[i] = ndl_load_pack_or_zero(x.at(lines[i], step));
                return;
            }
#pragma unroll
            for (int j = 0; j < pack; j++)
            {
                auto step = x.step(from + turned_step() + j, end);
#pragma unroll
                for (int i = 0; i < count; i++) held[i].items[j] = ndl_load_or_zero(x.at(lines[i], step));
            }
            return;
        }
        if (x.packed)
        {
#pragma unroll
            for (int i = 0; i < count; i++)
            {
                const T* p = x.at(lines[0], x.step(from + straight_step(i), end));
                T* to = room + straight_step(i) * lead + straight_line();
                if (p != nullptr) ndl_async_copy16(to, p);
                else *reinterpret_cast<ndl_pack<T>*>(to) = ndl_load_pack_or_zero<T>(nullptr);
            }
            return;
        }
#pragma unroll
        for (int j = 0; j < pack; j++)
        {
            auto line = x.line(first + straight_line() + j);
#pragma unroll
            for (int i = 0; i < count; i++) held[i].items[j] = ndl_load_or_zero(x.at(line, x.step(from + straight_step(i), end)));
        }
    }

    // Ends what load began; seen by others after ndl_async_wait and a barrier.
    __device__ __forceinline__ void store(T* room) const
    {
        if (x.steps_run_on())
        {
#pragma unroll
            for (int i = 0; i < count; i++)
#pragma unroll
                for (int j = 0; j < pack; j++) room[(turned_step() + j) * lead + turned_line(i)] = held[i].items[j];
        }
        else if (!x.packed)
        {
#pragma unroll
            for (int i = 0; i < count; i++) *reinterpret_cast<ndl_pack<T>*>(room + straight_step(i) * lead + straight_line()) = held[i];
        }
    }
};

// Where a thread's results stand in its block's tile: packs of neighbours, the packs spread so that the threads of a warp,
// 4 down and 8 across, read whole lines of shared memory and write whole lines of the result.
template <class Tile> struct ndl_share
{
    int row, column;

    __device__ __forceinline__ ndl_share()
    {
        const int warps_across = Tile::threads_across / 8;
        int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
        row = (warp / warps_across * 4 + lane / 8) * Tile::pack;
        column = (warp % warps_across * 8 + lane % 8) * Tile::pack;
    }

    static __device__ __forceinline__ int down(int i) { return i / Tile::pack * Tile::threads_down * Tile::pack; }
    static __device__ __forceinline__ int across(int j) { return j / Tile::pack * Tile::threads_across * Tile::pack; }
};

template <class Tile, class T, int lead_a, int lead_b> __device__ __forceinline__ void ndl_multiply(const T* a, const T* b, T (&sum)[Tile::down][Tile::across])
{
    const int pack = Tile::pack;
    ndl_share<Tile> mine;
#pragma unroll 2   // more reads further ahead, in registers that a second block needs
    for (int k = 0; k < Tile::depth; k++)
    {
        ndl_pack<T> u[Tile::down / pack], v[Tile::across / pack];
#pragma unroll
        for (int i = 0; i < Tile::down / pack; i++) u[i] = *reinterpret_cast<const ndl_pack<T>*>(a + k * lead_a + mine.row + mine.down(i * pack));
#pragma unroll
        for (int j = 0; j < Tile::across / pack; j++) v[j] = *reinterpret_cast<const ndl_pack<T>*>(b + k * lead_b + mine.column + mine.across(j * pack));
#pragma unroll
        for (int i = 0; i < Tile::down; i++)
#pragma unroll
            for (int j = 0; j < Tile::across; j++) sum[i][j] += u[i / pack].items[i % pack] * v[j / pack].items[j % pack];
    }
}

// The sums over steps from..end of the tile at (row, column).
template <class Tile, class T, class A, class B> __device__ __forceinline__ void ndl_product(const A& a, const B& b, int row, int column, int from, int end, T (&sum)[Tile::down][Tile::across])
{
    typedef ndl_panel<T, A, Tile::rows, Tile::depth, Tile::threads> panel_a;
    typedef ndl_panel<T, B, Tile::columns, Tile::depth, Tile::threads> panel_b;
    const int size_a = Tile::depth * panel_a::lead, size_b = Tile::depth * panel_b::lead;
    __shared__ ndl_pack<T> room[2 * (size_a + size_b) / Tile::pack];
    T* next = room[0].items;
    T* now = next + size_a + size_b;

#pragma unroll
    for (int i = 0; i < Tile::down; i++)
#pragma unroll
        for (int j = 0; j < Tile::across; j++) sum[i][j] = (T)0;
    panel_a pa(a, row);
    panel_b pb(b, column);
    bool more = from < end;
    if (more)
    {
        pa.load(from, end, next);
        pb.load(from, end, next + size_a);
        ndl_async_commit();
    }
    while (more)
    {
        pa.store(next);
        pb.store(next + size_a);
        ndl_async_wait<0>();
        __syncthreads();   // the panels are there, and nobody reads the other room any more
        T* other = now;
        now = next;
        next = other;
        from += Tile::depth;
        more = from < end;
        if (more)
        {
            pa.load(from, end, next);
            pb.load(from, end, next + size_a);
            ndl_async_commit();
        }
        ndl_multiply<Tile, T, panel_a::lead, panel_b::lead>(now, now + size_a, sum);
    }
}

struct fn_identity { template <class T> static __device__ __forceinline__ T apply(T x, const double*) { return x; } };

// Rows of a result, one after another: where each begins, or -1.
struct ndl_rows
{
    int count;
    i64 lead;

    __device__ __forceinline__ i64 begin(int row) const { return row < count ? row * lead : -1; }
};

// Where results go: y[rows.begin(row) + column] = f(sum + bias[column]); bias may be null, and so may z, which keeps sum + bias.
template <class T, class Rows> struct ndl_result
{
    const T* bias;
    T* y;
    T* z;
    Rows rows;
    int columns;

    template <class Tile, class F> __device__ __forceinline__ void store(T (&sum)[Tile::down][Tile::across], int row, int column, const double* attributes) const
    {
        ndl_share<Tile> mine;
        row += mine.row;
        column += mine.column;
        if (bias != nullptr)
        {
#pragma unroll
            for (int j = 0; j < Tile::across; j++)
            {
                int c = column + mine.across(j) + j % Tile::pack;
                T add = ndl_load_or_zero(c < columns ? bias + c : nullptr);
#pragma unroll
                for (int i = 0; i < Tile::down; i++) sum[i][j] += add;
            }
        }
        if (z != nullptr) write<Tile>(z, sum, row, column);
#pragma unroll
        for (int i = 0; i < Tile::down; i++)
#pragma unroll
            for (int j = 0; j < Tile::across; j++) sum[i][j] = F::template apply<T>(sum[i][j], attributes);
        write<Tile>(y, sum, row, column);
    }

    template <class Tile> __device__ __forceinline__ void write(T* to, const T (&values)[Tile::down][Tile::across], int row, int column) const
    {
        const int pack = Tile::pack;
        bool packed = columns % pack == 0 && rows.lead % pack == 0 && ndl_is_aligned16(to);
        ndl_share<Tile> mine;
#pragma unroll
        for (int i = 0; i < Tile::down; i++)
        {
            i64 begin = rows.begin(row + mine.down(i) + i % pack);
            if (begin < 0) continue;
#pragma unroll
            for (int j = 0; j < Tile::across; j += pack)
            {
                int c = column + mine.across(j);
                T* p = to + begin + c;
                if (packed)
                {
                    ndl_pack<T> together;
#pragma unroll
                    for (int u = 0; u < pack; u++) together.items[u] = values[i][j + u];
                    if (c < columns) *reinterpret_cast<ndl_pack<T>*>(p) = together;
                    continue;
                }
#pragma unroll
                for (int u = 0; u < pack; u++)
                    if (c + u < columns) p[u] = values[i][j + u];
            }
        }
    }
};
