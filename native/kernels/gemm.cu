// Matrix products y = f(op(a) op(b) + bias), float and double, full precision.
//
// a, b     matrix i of the batch at offset batch(i); element (row, step) of a at a[row * a_row + step * a_step], (step, column)
//          of b at b[step * b_step + column * b_column], one stride of each being 1. Broadcast along the batch by strides of 0
// y        [batch, m, n], contiguous, overwritten; z likewise keeps what f was applied to, unless it is null
// bias     n numbers, or null
// grid     x: tiles of the result, row by row, matrix after matrix; y: parts of the sum. Part p is written to y + p * batch * m * n,
//          without bias and function, and gemm_sum adds the parts up in their order
//
// Operands are aligned to the element; those of which rows are whole packs of 16 bytes are read by packs.
// NaN: as the sums have it, 0 * NaN is NaN. 2 m n k FLOPs; reads a n / side times and b m / side times, side that of the tile.
#include "activations.cuh"
#include "gemm.cuh"

struct ndl_gemm
{
    int m, n, k;
    int part;   // steps of each part, a multiple of the depth of panels
    i64 a_row, a_step, b_column, b_step;
    i64 matrices;
    ndl_walk batch;
};

template <class Tile, class F, class T> __device__ __forceinline__
    void gemm(const T* a, const T* b, const T* bias, T* y, T* z, const ndl_gemm& g, const ndl_attributes& attributes)
{
    u32 across = (u32)(g.n - 1) / Tile::columns + 1, down = (u32)(g.m - 1) / Tile::rows + 1;
    u32 matrix = blockIdx.x / (across * down), tile = blockIdx.x % (across * down);
    int row = (int)(tile / across) * Tile::rows, column = (int)(tile % across) * Tile::columns;
    int from = blockIdx.y * g.part, end = g.k - from < g.part ? g.k : from + g.part;
    i64 offsets[2];
    ndl_offsets<2>(g.batch, matrix, g.matrices, offsets);
    ndl_matrix<T> left(a + offsets[0], g.a_row, g.a_step, g.m, g.k), right(b + offsets[1], g.b_column, g.b_step, g.n, g.k);

    T sum[Tile::down][Tile::across];
    ndl_matrix_product<Tile>(left, right, row, column, from, end, sum);

    i64 size = (i64)g.m * g.n, at = (blockIdx.y * g.matrices + matrix) * size;
    ndl_result<T, ndl_rows> result = {bias, y + at, z == nullptr ? z : z + at, {g.m, g.n}, g.n};
    result.template store<Tile, F>(sum, row, column, attributes.values);
}

// y = f(sums of the parts + bias), parts of n elements one after another, bias along rows of `columns`.
template <class F, class T> __device__ __forceinline__
    void gemm_sum(const T* parts, int count, const T* bias, int columns, T* y, T* z, i64 n, const ndl_attributes& attributes)
{
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        T sum = parts[i];
#pragma unroll 4
        for (int p = 1; p < count; p++) sum += parts[p * n + i];
        if (bias != nullptr) sum += bias[n <= 0x7fffffff ? (u32)i % (u32)columns : i % columns];
        if (z != nullptr) z[i] = sum;
        y[i] = F::template apply<T>(sum, attributes.values);
    }
}

#define GEMM(name, tile, F, suffix, T) \
    extern "C" __global__ void __launch_bounds__(ndl_##tile<T>::threads, ndl_##tile<T>::blocks) name##_##suffix(const T* a, const T* b, const T* bias, T* y, \
        T* z, ndl_gemm sizes, ndl_attributes attributes) \
    { gemm<ndl_##tile<T>, F>(a, b, bias, y, z, sizes, attributes); }

#define SUM(name, F, suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) name##_##suffix(const T* parts, int count, const T* bias, int columns, T* y, T* z, i64 n, \
        ndl_attributes attributes) \
    { gemm_sum<F>(parts, count, bias, columns, y, z, n, attributes); }

#define PLAIN(suffix, T) \
    GEMM(gemm_medium, medium, fn_identity, suffix, T) \
    GEMM(gemm_small, small, fn_identity, suffix, T) \
    SUM(gemm_sum, fn_identity, suffix, T)

// An activation that has no kernels here runs after the product, as the elementwise kernel that it is.
#define FUSED(name, suffix, T) \
    GEMM(gemm_large_##name, large, fn_##name, suffix, T) \
    GEMM(gemm_tall_##name, tall, fn_##name, suffix, T) \
    GEMM(gemm_medium_##name, medium, fn_##name, suffix, T) \
    GEMM(gemm_small_##name, small, fn_##name, suffix, T) \
    SUM(gemm_sum_##name, fn_##name, suffix, T)

GEMM(gemm_large, large, fn_identity, f32, float)
GEMM(gemm_tall, tall, fn_identity, f32, float)
PLAIN(f32, float)
PLAIN(f64, double)
FUSED(relu, f32, float)
