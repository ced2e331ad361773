// Batch normalization of contiguous [rows, c] by channel, and its gradients.
//
// batch_norm_moments    mean, variance (divided by the number of rows), rstd = 1/sqrt(variance + epsilon), what rounding
//                       took from the mean, and scale = gamma rstd of each channel, by pieces.cuh
// scale_shift           y = (x - mean) scale + offset
// batch_norm_grad_sums  dBeta = sum dy and dGamma = sum dy (x - mean - rest) rstd, by pieces.cuh; and, unless `factors` is null,
//                       the three rows [3, c] of factors of
// batch_norm_grad       dx = dy factors[0] + (x - mean) factors[1] + factors[2]
//
// Aligned to the element; all overwrite. A thread takes the mean of its rows out before it squares, and means and squares
// are joined in float64: offsets cost no accuracy. NaN in a channel makes the channel NaN.
// Each reads its operands once: by 16 bytes where channels allow it in scale_shift and batch_norm_grad, else by
// neighbouring threads; 2 to 8 FLOPs an element.
#include "lanes.cuh"
#include "pieces.cuh"

struct moments
{
    double count, mean, square;   // square: the sum of squared distances from the mean
};

__device__ __forceinline__ moments join(moments a, moments b)
{
    double count = a.count + b.count;
    if (count == 0) return a;
    double share = b.count / count, d = b.mean - a.mean;
    return {count, a.mean + d * share, a.square + b.square + d * d * a.count * share};
}

// Of rows lane, lane + lanes, ..., at most 32, which are kept in registers.
template <class T> __device__ __forceinline__ moments moments_of(const T* x, i64 stride, int n, int lane, int lanes)
{
    const int most = 32;
    T values[most];
    T sum = (T)0;
    int count = n > lane ? (n - lane - 1) / lanes + 1 : 0;
    if (count == 0) return {0, 0, 0};
#pragma unroll
    for (int j = 0; j < most; j++)
    {
        values[j] = j < count ? x[(lane + j * lanes) * stride] : (T)0;
        sum += values[j];
    }
    T shift = sum / (T)count, rest = (T)0, square = (T)0;
#pragma unroll
    for (int j = 0; j < most; j++)
    {
        T d = j < count ? values[j] - shift : (T)0;
        rest += d;
        square += d * d;
    }
    // What the rounded mean left over comes back here.
    double left = (double)rest / count, all = square;
    if (isinf(square))   // squares of huge distances overflow in float, not here
    {
        all = 0;
        for (int j = 0; j < count; j++)
        {
            double d = (double)x[(lane + j * lanes) * stride] - shift;
            all += d * d;
        }
    }
    return {(double)count, (double)shift + left, all - left * left * count};
}

template <class T> __device__ __forceinline__ void batch_norm_moments(const moments* parts, moments* partsOut, const ndl_split& split,
    const T* x, const T* gamma, T* mean, T* variance, T* rstd, T* rest, T* scale, double epsilon)
{
    __shared__ moments room[256];
    ndl_piece my(split);
    i64 start = my.start(split);
    moments v = parts == nullptr
        ? moments_of(x + start, split.inner, my.n, my.lane, split.lanes)
        : ndl_down(moments{0, 0, 0}, my.n, my.lane, split.lanes, [=](int i) { return parts[start + i * split.inner]; }, join);
    v = ndl_join_lanes(v, my.lane, split.lanes, my.across, room, join);
    if (!my.writes()) return;
    if (partsOut != nullptr)
    {
        partsOut[my.result] = v;
        return;
    }
    double average = v.square / v.count;   // of no rows NaN
    T r = (T)(isinf(average) ? average - average : 1 / sqrt(average + epsilon));   // beyond double NaN, not a silent 0
    T m = (T)(v.count == 0 ? average : v.mean);
    mean[my.column] = m;
    rest[my.column] = (T)(v.mean - (double)m);
    variance[my.column] = (T)average;
    rstd[my.column] = r;
    scale[my.column] = gamma[my.column] * r;
}

template <class T> __device__ __forceinline__ void batch_norm_grad_sums(const ndl_pair<T>* parts, ndl_pair<T>* partsOut, const ndl_split& split,
    const T* x, const T* gamma, const T* mean, const T* rest, const T* rstd, const T* dy, T* dGamma, T* dBeta, T* factors, i64 rows)
{
    __shared__ ndl_pair<T> room[256];
    ndl_piece my(split);
    T m = my.exists ? mean[my.column] : (T)0;
    ndl_pair<T> v = ndl_sum_pairs(parts, split, my, room, [=](i64, i64 at) { return ndl_pair<T>{dy[at], dy[at] * (x[at] - m)}; });
    if (!my.writes()) return;
    if (partsOut != nullptr)
    {
        partsOut[my.result] = v;
        return;
    }
    double left = rest[my.column], total = v.first, along = v.second - left * total, r = rstd[my.column], scale = gamma[my.column] * r,
        slope = -scale * r * r * along / rows;
    dGamma[my.column] = (T)(along * r);
    dBeta[my.column] = v.first;
    if (factors == nullptr) return;
    factors[my.column] = (T)scale;
    factors[split.inner + my.column] = (T)slope;
    factors[2 * split.inner + my.column] = (T)(-scale * total / rows - slope * left);
}

template <class T, int w> __device__ __forceinline__ void scale_shift_lanes(const T* x, const T* mean, const T* scale, const T* offset, T* y, i64 n, i64 c)
{
    for (i64 i = ndl_index() * w; i < n; i += ndl_stride() * w)
    {
        i64 column = ndl_divide(i, c).rest;
        ndl_lanes<T, w> v = ndl_load<T, w>(x + i), m = ndl_load<T, w>(mean + column), s = ndl_load<T, w>(scale + column), o = ndl_load<T, w>(offset + column);
#pragma unroll
        for (int j = 0; j < w; j++) v.items[j] = (v.items[j] - m.items[j]) * s.items[j] + o.items[j];
        ndl_store(y + i, v);
    }
}

template <class T> __device__ __forceinline__ void scale_shift(const T* x, const T* mean, const T* scale, const T* offset, T* y, i64 n, i64 c)
{
    if (ndl_is_wide(x, c) && ndl_is_wide(mean, c) && ndl_is_wide(scale, c) && ndl_is_wide(offset, c) && ndl_is_wide(y, c))
        scale_shift_lanes<T, 16 / sizeof(T)>(x, mean, scale, offset, y, n, c);
    else scale_shift_lanes<T, 1>(x, mean, scale, offset, y, n, c);
}

template <class T, int w> __device__ __forceinline__ void batch_norm_grad_lanes(const T* x, const T* dy, const T* mean, const T* factors, T* dx, i64 n, i64 c)
{
    for (i64 i = ndl_index() * w; i < n; i += ndl_stride() * w)
    {
        i64 column = ndl_divide(i, c).rest;
        ndl_lanes<T, w> v = ndl_load<T, w>(x + i), d = ndl_load<T, w>(dy + i), m = ndl_load<T, w>(mean + column);
        ndl_lanes<T, w> forDy = ndl_load<T, w>(factors + column), forX = ndl_load<T, w>(factors + c + column),
            constant = ndl_load<T, w>(factors + 2 * c + column);
#pragma unroll
        for (int j = 0; j < w; j++) v.items[j] = d.items[j] * forDy.items[j] + (v.items[j] - m.items[j]) * forX.items[j] + constant.items[j];
        ndl_store(dx + i, v);
    }
}

template <class T> __device__ __forceinline__ void batch_norm_grad(const T* x, const T* dy, const T* mean, const T* factors, T* dx, i64 n, i64 c)
{
    if (ndl_is_wide(x, c) && ndl_is_wide(dy, c) && ndl_is_wide(mean, c) && ndl_is_wide(factors, c) && ndl_is_wide(dx, c))
        batch_norm_grad_lanes<T, 16 / sizeof(T)>(x, dy, mean, factors, dx, n, c);
    else batch_norm_grad_lanes<T, 1>(x, dy, mean, factors, dx, n, c);
}

#define KERNELS(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) batch_norm_moments_##suffix(const moments* parts, moments* partsOut, ndl_split split, \
        const T* x, const T* gamma, T* mean, T* variance, T* rstd, T* rest, T* scale, double epsilon) \
    { batch_norm_moments(parts, partsOut, split, x, gamma, mean, variance, rstd, rest, scale, epsilon); } \
    extern "C" __global__ void __launch_bounds__(256) batch_norm_grad_sums_##suffix(const ndl_pair<T>* parts, ndl_pair<T>* partsOut, ndl_split split, \
        const T* x, const T* gamma, const T* mean, const T* rest, const T* rstd, const T* dy, T* dGamma, T* dBeta, T* factors, i64 rows) \
    { batch_norm_grad_sums(parts, partsOut, split, x, gamma, mean, rest, rstd, dy, dGamma, dBeta, factors, rows); } \
    extern "C" __global__ void __launch_bounds__(256) scale_shift_##suffix(const T* x, const T* mean, const T* scale, const T* offset, T* y, i64 n, i64 c) \
    { scale_shift(x, mean, scale, offset, y, n, c); } \
    extern "C" __global__ void __launch_bounds__(256) batch_norm_grad_##suffix(const T* x, const T* dy, const T* mean, const T* factors, T* dx, i64 n, i64 c) \
    { batch_norm_grad(x, dy, mean, factors, dx, n, c); }

KERNELS(f32, float)
KERNELS(f64, double)
