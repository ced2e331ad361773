// Matrix products y = f(op(a) op(b) + bias) of bfloat16 and float16 by tensor cores: sums in float, rounded once as they are stored.
//
// a, b     as in gemm.cu; matrices and their rows begin at whole, aligned 16 bytes, and n is even
// y        [batch, m, n], contiguous, overwritten; relu: whether f is that, else it is nothing. Null where sums are wanted
// sums     null, or [parts, batch, m, n] of float, for what is added up or worked on by others: without bias and function
// bias     n numbers, or null
// grid     x: tiles of the result, eight rows of them at a time, column by column, so that what blocks at work share is in the cache;
//          y: parts of the sum
// NaN: as the sums have it. 2 m n k FLOPs; reads a n / columns times and b m / rows times, those of the tile.
#include "tensor_product.cuh"

struct ndl_gemm
{
    int m, n, k;
    int part;   // steps of each part, a multiple of 8
    i64 a_row, a_step, b_column, b_step;
    i64 matrices;
    ndl_walk batch;
};

template <class Tile, class T> __device__ __forceinline__
    void gemm_tensor(const T* a, const T* b, const T* bias, T* y, float* sums, const ndl_gemm& g, bool relu, ndl_shared room)
{
    const u32 height = 8;
    u32 across = (u32)(g.n - 1) / Tile::columns + 1, down = (u32)(g.m - 1) / Tile::rows + 1;
    u32 matrix = blockIdx.x / (across * down), tile = blockIdx.x % (across * down), group = tile / (height * across), rest = tile % (height * across);
    u32 rows = down - group * height < height ? down - group * height : height;
    int row = (int)(group * height + rest % rows) * Tile::rows, column = (int)(rest / rows) * Tile::columns;
    int from = blockIdx.y * g.part, end = g.k - from < g.part ? g.k : from + g.part;
    i64 offsets[2];
    ndl_offsets<2>(g.batch, matrix, g.matrices, offsets);
    a += offsets[0];
    b += offsets[1];

    typedef ndl_tensor_sums<Tile> shares;
    shares mine;
#pragma unroll
    for (int i = 0; i < shares::down; i++)
#pragma unroll
        for (int j = 0; j < shares::across; j++)
#pragma unroll
            for (int c = 0; c < 4; c++) mine.items[i][j][c] = 0.0f;
    bool turn_a = g.a_step == 1, turn_b = g.b_step == 1;
    i64 stride_a = turn_a ? g.a_row : g.a_step, stride_b = turn_b ? g.b_column : g.b_step;
    if (turn_a && !turn_b) ndl_tensor_product<Tile, T, true, false>(a, stride_a, g.m, row, b, stride_b, g.n, column, from, end, room, mine);
    else if (turn_a) ndl_tensor_product<Tile, T, true, true>(a, stride_a, g.m, row, b, stride_b, g.n, column, from, end, room, mine);
    else if (!turn_b) ndl_tensor_product<Tile, T, false, false>(a, stride_a, g.m, row, b, stride_b, g.n, column, from, end, room, mine);
    else ndl_tensor_product<Tile, T, false, true>(a, stride_a, g.m, row, b, stride_b, g.n, column, from, end, room, mine);

    i64 size = (i64)g.m * g.n, begin = (blockIdx.y * g.matrices + matrix) * size;
    int lane = threadIdx.x % 32;
    row += shares::row() + lane / 4;
    column += shares::column() + lane % 4 * 2;
#pragma unroll
    for (int j = 0; j < shares::across; j++)
    {
        int c = column + 8 * j;
        if (c >= g.n) continue;
        float add = bias != nullptr ? ndl_up(bias[c]) : 0.0f, add_next = bias != nullptr ? ndl_up(bias[c + 1]) : 0.0f;
#pragma unroll
        for (int i = 0; i < 2 * shares::down; i++)
        {
            int r = row + 8 * i;
            if (r >= g.m) continue;
            i64 at = begin + (i64)r * g.n + c;
            float u = mine.items[i / 2][j][i % 2 * 2] + add, v = mine.items[i / 2][j][i % 2 * 2 + 1] + add_next;
            if (relu)
            {
                u = u <= 0.0f ? 0.0f : u;
                v = v <= 0.0f ? 0.0f : v;
            }
            if (sums != nullptr) *reinterpret_cast<ndl_pack<float, 2>*>(sums + at) = {u, v};
            else *reinterpret_cast<ndl_pack<T, 2>*>(y + at) = {ndl_down<T>(u), ndl_down<T>(v)};
        }
    }
}

typedef ndl_tensor_tile<128, 256, 64, 3, 64, 64, 1> large;
typedef ndl_tensor_tile<64, 64, 64, 4, 32, 32, 3> medium;

#define GEMM(tile, suffix, T) \
    extern "C" __global__ void __launch_bounds__(tile::threads, tile::blocks) gemm_tensor_##tile##_##suffix(const T* a, const T* b, const T* bias, T* y, \
        float* sums, ndl_gemm sizes, int relu) \
    { \
        extern __shared__ ndl_pack<u16, 8> panels[]; \
        gemm_tensor<tile, T>(a, b, bias, y, sums, sizes, relu != 0, ndl_shared_place(panels)); \
    }

GEMM(large, bf16, ndl_bf16)
GEMM(large, f16, ndl_f16)
GEMM(medium, bf16, ndl_bf16)
GEMM(medium, f16, ndl_f16)
