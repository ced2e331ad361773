// Layer normalization of contiguous rows of n elements, and its gradients.
//
// layer_norm            y = (x - mean) rstd gamma + beta with rstd = 1/sqrt(variance + epsilon); writes mean, rstd and
//                       rest too, which is what rounding took from the mean
// layer_norm_grad       dx = rstd (g - mean g - xh mean(g xh)) with g = dy gamma and xh = (x - mean - rest) rstd
// layer_norm_grad_sums  dGamma = sum dy xh and dBeta = sum dy over the rows, by pieces.cuh
//
// Aligned to the element; all overwrite. The variance is the mean of squared distances from the mean. NaN in a row makes
// the row NaN. The first two read each operand once (rows of more than 128 bytes a thread two or three times, from the
// cache), the sums read x and dy once more, neighbouring columns by neighbouring threads. About 8 and 16 FLOPs an element.
#include "pieces.cuh"
#include "row.cuh"

template <class T> __device__ __forceinline__ void layer_norm(const ndl_place& my, const T* x, const T* gamma, const T* beta, T* y, T* mean, T* rstd, T* rest, double epsilon)
{
    __shared__ T room[32];
    ndl_row<T> row(x, my), scale(gamma, my.first()), shift(beta, my.first());
    T m = row.template reduce<ndl_sum>(room, [&](int i, u32) { return row.items[i]; }) / (T)my.n;
    T left = row.template reduce<ndl_sum>(room, [&](int i, u32) { return row.items[i] - m; }) / (T)my.n;
    T square = row.template reduce<ndl_sum>(room, [&](int i, u32) { T d = row.items[i] - m; return d * d; });
    if (!my.exists) return;
    T s = (T)(1 / sqrt((double)square / my.n + epsilon));
    if (my.lane == 0)
    {
        mean[my.row] = m;
        rstd[my.row] = s;
        rest[my.row] = left;
    }
    row.write(y, [&](int i, u32) { return (row.items[i] - m) * s * scale.items[i] + shift.items[i]; }, scale, shift);
}

template <class T> __device__ __forceinline__ void layer_norm_grad(const ndl_place& my, const T* x, const T* gamma, const T* mean, const T* rest, const T* rstd, const T* dy, T* dx)
{
    __shared__ T room[32];
    ndl_row<T> a(x, my), b(dy, my), scale(gamma, my.first());
    T m = my.exists ? mean[my.row] : (T)0, left = my.exists ? rest[my.row] : (T)0, s = my.exists ? rstd[my.row] : (T)0;
    // Rounded alike wherever they stand: in a row of one element they cancel to the bit.
    T even = b.template reduce<ndl_sum>(room, [&](int i, u32) { return ndl_mul(b.items[i], scale.items[i]); }, scale) / (T)my.n;
    T along = a.template reduce<ndl_sum>(room, [&](int i, u32) { return ndl_mul(b.items[i], scale.items[i]) * ((a.items[i] - m - left) * s); }, b, scale) / (T)my.n;
    a.write(dx, [&](int i, u32) { return s * (ndl_mul(b.items[i], scale.items[i]) - even - (a.items[i] - m - left) * s * along); }, b, scale);
}

template <class T> __device__ __forceinline__ void layer_norm_grad_sums(const ndl_pair<T>* parts, ndl_pair<T>* partsOut, const ndl_split& split,
    const T* x, const T* mean, const T* rest, const T* rstd, const T* dy, T* dGamma, T* dBeta)
{
    __shared__ ndl_pair<T> room[256];
    ndl_piece my(split);
    ndl_pair<T> v = ndl_sum_pairs(parts, split, my, room, [=](i64 row, i64 at) { return ndl_pair<T>{dy[at] * ((x[at] - mean[row] - rest[row]) * rstd[row]), dy[at]}; });
    if (!my.writes()) return;
    if (partsOut != nullptr) partsOut[my.result] = v;
    else
    {
        dGamma[my.column] = v.first;
        dBeta[my.column] = v.second;
    }
}

#define KERNELS(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) layer_norm_##suffix(i64 rows, int n, int lanes, const T* x, const T* gamma, const T* beta, T* y, T* mean, T* rstd, T* rest, double epsilon) \
    { layer_norm(ndl_place(rows, n, lanes), x, gamma, beta, y, mean, rstd, rest, epsilon); } \
    extern "C" __global__ void __launch_bounds__(256) layer_norm_grad_##suffix(i64 rows, int n, int lanes, const T* x, const T* gamma, const T* mean, const T* rest, const T* rstd, const T* dy, T* dx) \
    { layer_norm_grad(ndl_place(rows, n, lanes), x, gamma, mean, rest, rstd, dy, dx); } \
    extern "C" __global__ void __launch_bounds__(256) layer_norm_grad_sums_##suffix(const ndl_pair<T>* parts, ndl_pair<T>* partsOut, ndl_split split, \
        const T* x, const T* mean, const T* rest, const T* rstd, const T* dy, T* dGamma, T* dBeta) \
    { layer_norm_grad_sums(parts, partsOut, split, x, mean, rest, rstd, dy, dGamma, dBeta); }

KERNELS(f32, float)
KERNELS(f64, double)
