// What matrix products and convolutions share: a block sums sum[line][column] = sum over steps of a(line, step) * b(column, step)
// for a tile of the result, in registers, from panels of both operands that it brings into shared memory two at a time:
// while one pair is multiplied, the next is on its way.
//
// Sums go over the steps in their order, so they depend on the sizes alone. NaN and infinities of an operand meet only the
// elements that they are multiplied with: the zeros beyond an edge meet zeros.
#pragma once
#include "panel.cuh"

// The sums over steps from..end of the tile at (row, column). `whole`: a panel's steps in one piece, so that the compiler reads as
// far ahead as registers allow, the first before it turns to the next panel.
template <class Tile, bool whole, class T, class A, class B>
__device__ __forceinline__ void ndl_product(const A& a, const B& b, int row, int column, int from, int end, T* room, T (&sum)[Tile::down][Tile::across])
{
    typedef ndl_panel<Tile, T, A, Tile::rows> panel_a;
    typedef ndl_panel<Tile, T, B, Tile::columns> panel_b;
    const int size_a = Tile::depth * panel_a::lead, size = size_a + Tile::depth * panel_b::lead;
    T* next = room;
    T* now = room + size;

#pragma unroll
    for (int i = 0; i < Tile::down; i++)
#pragma unroll
        for (int j = 0; j < Tile::across; j++) sum[i][j] = (T)0;
    panel_a pa(a, row);
    panel_b pb(b, column);
    ndl_share<Tile> mine;
    bool more = from < end;
    if (more)
    {
        pa.hold(from, end);
        pb.hold(from, end);
        pa.copy(from, end, next);
        pb.copy(from, end, next + size_a);
        ndl_async_commit();
    }
    while (more)
    {
        pa.store(next);
        pb.store(next + size_a);
        from += Tile::depth;
        more = from < end;
        if (more)
        {
            pa.hold(from, end);   // before the barrier, or the compiler puts it off until it has multiplied
            pb.hold(from, end);
        }
        ndl_async_wait<0>();
        __syncthreads();   // the panels are there, and nobody reads the other room any more
        T* other = now;
        now = next;
        next = other;
        const T* u = now + mine.row;
        const T* v = now + size_a + mine.column;
        ndl_fragments<Tile, T> first;
        if (whole) first.read(u, v);
        if (more)
        {
            pa.copy(from, end, next);
            pb.copy(from, end, next + size_a);
            ndl_async_commit();
        }
        if (whole) first.add(sum);
#pragma unroll (whole ? Tile::depth : 2)
        for (int k = whole ? 1 : 0; k < Tile::depth; k++)
        {
            ndl_fragments<Tile, T> f;
            f.read(u + k * panel_a::lead, v + k * panel_b::lead);
            f.add(sum);
        }
    }
}

// The same of operands that know as they run whether they are packed: a loop for packed ones, and one for all.
template <class Tile, class T, class PackedA, class PackedB, class A, class B>
__device__ __forceinline__ void ndl_product(const A& a, const B& b, int row, int column, int from, int end, T (&sum)[Tile::down][Tile::across])
{
    __shared__ ndl_pack<T> room[Tile::room / Tile::pack];
    if (Tile::whole && a.packed && b.packed) ndl_product<Tile, true>(PackedA(a), PackedB(b), row, column, from, end, room[0].items, sum);
    else ndl_product<Tile, false>(a, b, row, column, from, end, room[0].items, sum);
}

// Of two matrices: a loop for each layout of packed ones, but for two that both turn the other way, which hardly anybody wants.
template <class Tile, class T>
__device__ __forceinline__
    void ndl_matrix_product(const ndl_matrix<T>& a, const ndl_matrix<T>& b, int row, int column, int from, int end, T (&sum)[Tile::down][Tile::across])
{
    __shared__ ndl_pack<T> rooms[Tile::room / Tile::pack];
    typedef ndl_packed_matrix<T, true> turned;
    typedef ndl_packed_matrix<T, false> straight;
    T* room = rooms[0].items;
    bool whole = Tile::whole && a.packed && b.packed;
    if (whole && a.steps_run_on() && !b.steps_run_on()) ndl_product<Tile, true>(turned(a), straight(b), row, column, from, end, room, sum);
    else if (whole && a.steps_run_on()) ndl_product<Tile, true>(turned(a), turned(b), row, column, from, end, room, sum);
    else if (whole && !b.steps_run_on()) ndl_product<Tile, true>(straight(a), straight(b), row, column, from, end, room, sum);
    else ndl_product<Tile, false>(a, b, row, column, from, end, room, sum);
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

    template <class Tile, class F> __device__ __forceinline__
        void store(T (&sum)[Tile::down][Tile::across], int row, int column, const double* attributes) const
    {
        ndl_share<Tile> mine;
        row += mine.row;
        column += mine.column;
        // Without bias -0 is added, which changes nothing. What is stored are then other registers than those that were summed in,
        // which may so stand where no two of what a multiply-add reads are in one bank.
#pragma unroll
        for (int j = 0; j < Tile::across; j++)
        {
            int c = column + mine.across(j) + j % Tile::pack;
            T add = bias != nullptr && c < columns ? bias[c] : (T)-0.0;
#pragma unroll
            for (int i = 0; i < Tile::down; i++) sum[i][j] = ndl_add(sum[i][j], add);
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
