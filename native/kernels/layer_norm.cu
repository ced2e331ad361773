// Layer normalization of contiguous rows of n elements, and its gradients.
//
// layer_norm            y = (x - mean) rstd gamma + beta with rstd = 1/sqrt(variance + epsilon); writes mean, rstd and
//                       rest too, which is what rounding took from the mean
// layer_norm_grad       dx = rstd (g - mean g - xh mean(g xh)) with g = dy gamma and xh = (x - mean - rest) rstd
// layer_norm_grad_sums  dGamma = sum dy xh and dBeta = sum dy over the rows, by pieces.cuh
// layer_norm_grad_all_<packs>  all of it in one pass, for rows that a block's threads hold by that many packs of 16 bytes: block b
//                       works on rows b * per to (b+1) * per, and its threads keep the sums of their columns: sums [2, blocks, n]
//
// Aligned to the element; all overwrite. The variance is the mean of squared distances from the mean. NaN in a row makes
// the row NaN. The first two read each operand once (rows of more than 128 bytes a thread two or three times, from the
// cache), the sums read x and dy once more, neighbouring columns by neighbouring threads. About 8 and 16 FLOPs an element.
#include "pieces.cuh"
#include "row.cuh"
#include "squares.cuh"

template <class T> __device__ __forceinline__
    void layer_norm(const ndl_place& my, const T* x, const T* gamma, const T* beta, T* y, T* mean, T* rstd, T* rest, double epsilon)
{
    __shared__ T room[32];
    ndl_row<T> row(x, my);
    T m = row.template reduce<ndl_sum>(room, [&](int i, u32) { return row.items[i]; }) / (T)my.n;
    T left = row.template reduce<ndl_sum>(room, [&](int i, u32) { return row.items[i] - m; }) / (T)my.n;
    T square = row.template reduce<ndl_sum>(room, [&](int i, u32) { T d = row.items[i] - m; return d * d; });
    T s = (T)(1 / sqrt((double)square / my.n + epsilon));
    // Squares of huge distances overflow where the root of their mean does not. Rows of a warp, or the one of a block, go together.
    bool huge = isinf(square);
    if (__any_sync(0xffffffffu, huge))
    {
        const T down = ndl_square_bounds<T>::down;
        T scaled = row.template reduce<ndl_sum>(room, [&](int i, u32) { T d = (row.items[i] - m) * down; return d * d; });
        if (huge) s = (T)(down / sqrt((double)scaled / my.n));
    }
    if (!my.exists) return;
    if (my.lane == 0)
    {
        mean[my.row] = m;
        rstd[my.row] = s;
        rest[my.row] = left;
    }
    ndl_shared_row<T> scale(gamma), shift(beta);
    constexpr int w = 16 / (int)sizeof(T);
    row.write(y, [&](int i, u32) { return (row.items[i] - m) * s * scale.items[i % w] + shift.items[i % w]; }, scale, shift);
}

template <class T> __device__ __forceinline__
    void layer_norm_grad(const ndl_place& my, const T* x, const T* gamma, const T* mean, const T* rest, const T* rstd, const T* dy, T* dx)
{
    __shared__ T room[32];
    ndl_row<T> a(x, my), b(dy, my), scale(gamma, my.first());
    T m = my.exists ? mean[my.row] : (T)0, left = my.exists ? rest[my.row] : (T)0, s = my.exists ? rstd[my.row] : (T)0;
    // Rounded alike wherever they stand: in a row of one element they cancel to the bit.
    T even = b.template reduce<ndl_sum>(room, [&](int i, u32) { return ndl_mul(b.items[i], scale.items[i]); }, scale) / (T)my.n;
    T along = a.template reduce<ndl_sum>(room, [&](int i, u32) { return ndl_mul(b.items[i], scale.items[i]) * ((a.items[i] - m - left) * s); }, b, scale)
        / (T)my.n;
    a.write(dx, [&](int i, u32) { return s * (ndl_mul(b.items[i], scale.items[i]) - even - (a.items[i] - m - left) * s * along); }, b, scale);
}

template <class T> __device__ __forceinline__ void layer_norm_grad_sums(const ndl_pair<T>* parts, ndl_pair<T>* partsOut, const ndl_split& split,
    const T* x, const T* mean, const T* rest, const T* rstd, const T* dy, T* dGamma, T* dBeta)
{
    __shared__ ndl_pair<T> room[256];
    ndl_piece my(split);
    ndl_pair<T> v = ndl_sum_pairs(parts, split, my, room,
        [=](i64 row, i64 at) { return ndl_pair<T>{dy[at] * ((x[at] - mean[row] - rest[row]) * rstd[row]), dy[at]}; });
    if (!my.writes()) return;
    if (partsOut != nullptr) partsOut[my.result] = v;
    else
    {
        dGamma[my.column] = v.first;
        dBeta[my.column] = v.second;
    }
}

template <int packs, class T> __device__ __forceinline__ void layer_norm_grad_all(i64 rows, int n, int per, const T* x, const T* gamma,
    const T* mean, const T* rest, const T* rstd, const T* dy, T* dx, T* sums)
{
    typedef ndl_row<T, packs> part;
    __shared__ ndl_pair<T> room[2][8];   // of two rows in turn, so that one barrier a row is enough
    i64 first = (i64)blockIdx.x * per, end = first + per < rows ? first + per : rows;
    ndl_place my = ndl_place::of_block(n);
    part scale(gamma, my);
    scale.show(0);
    T alongs[part::size], evens[part::size];
#pragma unroll
    for (int i = 0; i < part::size; i++) alongs[i] = evens[i] = (T)0;
    part nextA(x + first * n, my), nextB(dy + first * n, my);
    nextA.show(0);
    nextB.show(0);
    T next_mean = mean[first], next_rest = rest[first], next_rstd = rstd[first];
    for (i64 row = first; row < end; row++)
    {
        part a = nextA, b = nextB;
        T m = next_mean, left = next_rest, s = next_rstd;
        if (row + 1 < end)
        {
            nextA = part(x + (row + 1) * n, my);
            nextB = part(dy + (row + 1) * n, my);
            nextA.show(0);
            nextB.show(0);
            next_mean = mean[row + 1];
            next_rest = rest[row + 1];
            next_rstd = rstd[row + 1];
        }
        ndl_pair<T> both = {(T)0, (T)0};
#pragma unroll
        for (int i = 0; i < part::size; i++)
        {
            if (a.at(0, i) >= my.n) continue;
            a.items[i] = (a.items[i] - m - left) * s;
            alongs[i] += b.items[i] * a.items[i];
            evens[i] += b.items[i];
            b.items[i] = ndl_mul(b.items[i], scale.items[i]);
            both.first += b.items[i];
            both.second += b.items[i] * a.items[i];
        }
        both.first = ndl_warp_reduce<ndl_sum>(both.first);
        both.second = ndl_warp_reduce<ndl_sum>(both.second);
        int warps = blockDim.x / 32;
        if (warps > 1)
        {
            ndl_pair<T>* here = room[row & 1];
            if (threadIdx.x % 32 == 0) here[threadIdx.x / 32] = both;
            __syncthreads();
            both = here[0];
            for (int k = 1; k < warps; k++)
            {
                both.first += here[k].first;
                both.second += here[k].second;
            }
        }
        T even = both.first / (T)n, along = both.second / (T)n;
        a.write(dx + row * n, [&](int i, u32) { return s * (b.items[i] - even - a.items[i] * along); });
    }
    T* to = sums + (i64)blockIdx.x * n;
#pragma unroll
    for (int i = 0; i < part::size; i++)
    {
        u32 at = scale.at(0, i);
        if (at >= my.n) continue;
        to[at] = alongs[i];
        to[at + (i64)gridDim.x * n] = evens[i];
    }
}

#define KERNELS(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256, 3) layer_norm_##suffix(i64 rows, int n, int lanes, const T* x, const T* gamma, const T* beta, T* y, \
        T* mean, T* rstd, T* rest, double epsilon) \
    { layer_norm(ndl_place(rows, n, lanes), x, gamma, beta, y, mean, rstd, rest, epsilon); } \
    extern "C" __global__ void __launch_bounds__(256) layer_norm_grad_##suffix(i64 rows, int n, int lanes, const T* x, const T* gamma, const T* mean, \
        const T* rest, const T* rstd, const T* dy, T* dx) \
    { layer_norm_grad(ndl_place(rows, n, lanes), x, gamma, mean, rest, rstd, dy, dx); } \
    extern "C" __global__ void __launch_bounds__(256) layer_norm_grad_sums_##suffix(const ndl_pair<T>* parts, ndl_pair<T>* partsOut, ndl_split split, \
        const T* x, const T* mean, const T* rest, const T* rstd, const T* dy, T* dGamma, T* dBeta) \
    { layer_norm_grad_sums(parts, partsOut, split, x, mean, rest, rstd, dy, dGamma, dBeta); }

#define ALL(packs, suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) layer_norm_grad_all_##packs##_##suffix(i64 rows, int n, int per, const T* x, const T* gamma, \
        const T* mean, const T* rest, const T* rstd, \
        const T* dy, T* dx, T* sums) \
    { layer_norm_grad_all<packs>(rows, n, per, x, gamma, mean, rest, rstd, dy, dx, sums); }

KERNELS(f32, float)
KERNELS(f64, double)
ALL(1, f32, float)
ALL(2, f32, float)
ALL(4, f32, float)
ALL(1, f64, double)
ALL(2, f64, double)
ALL(4, f64, double)
