// Pools over windows of images [N, H, W, C], results [N, OH, OW, C]; padding is no part of a window's contents.
//
// max_pool2d          y = the greatest element of each window; the first of equal ones, and the first NaN before all
//                     numbers. places: which of the window's KH KW places it came from; null where nobody asks
// max_pool2d_scatter  dx = the sum of dy over the windows whose greatest element this is, in the order of its place in them
// max_pool2d_gather   y = x at the places
// avg_pool2d, sum_pool2d and their gradients: the mean or sum of each window; each dy, for the mean divided by the
//                          window's count of elements, to all of its elements
//
// Contiguous, aligned to the element, all overwrite; NaN propagates. Places are whole numbers of the elements' size.
// A thread works on the channels of 16 bytes where they divide C, so that neighbours read neighbouring bytes. An element of
// an image is read once for each window it is in (KH KW / (stride²) times, from the cache but for the first), as is a
// gradient by the elements of its window; the rest is moved once. 1 FLOP for each of those reads.
#include "lanes.cuh"

// PoolGeometry of C#.
struct geometry
{
    int n, h, w, c, kh, kw, stride_h, stride_w, top, left, oh, ow;
};

// What lies between two bounds.
struct range
{
    int first, end;

    __device__ __forceinline__ int count() const { return end - first; }
};

// The image's rows (or columns) in the window of one result.
__device__ __forceinline__ range window_of(int result, int stride, int before, int window, int size)
{
    int start = result * stride - before;
    return {max(start, 0), min(start + window, size)};
}

// The results whose windows have that row (or column) of the image.
__device__ __forceinline__ range results_with(int position, int stride, int before, int window, int results)
{
    int padded = position + before, beyond = padded - window;
    return {beyond < 0 ? 0 : beyond / stride + 1, min(padded / stride + 1, results)};
}

// A place in [N, rows, columns, C], in steps of `width` channels.
struct place
{
    int row, column, channel;
    i64 image;
};

__device__ __forceinline__ place place_of(i64 i, int rows, int columns, int channels, int width)
{
    ndl_quotient pixel = ndl_divide(i, channels / width), line = ndl_divide(pixel.whole, columns), image = ndl_divide(line.whole, rows);
    return {(int)image.rest, (int)line.rest, (int)pixel.rest * width, image.whole};
}

__device__ __forceinline__ i64 at(i64 image, int row, int column, int channel, int rows, int columns, int channels)
{
    return ((image * rows + row) * columns + column) * channels + channel;
}

template <class T, class P, int width> __device__ void max_pool(const T* x, T* y, P* places, const geometry& g)
{
    i64 n = (i64)g.n * g.oh * g.ow * (g.c / width);
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        place to = place_of(i, g.oh, g.ow, g.c, width);
        range rows = window_of(to.row, g.stride_h, g.top, g.kh, g.h), columns = window_of(to.column, g.stride_w, g.left, g.kw, g.w);
        int number = (rows.first - to.row * g.stride_h + g.top) * g.kw + columns.first - to.column * g.stride_w + g.left;
        ndl_lanes<T, width> best = ndl_load<T, width>(x + at(to.image, rows.first, columns.first, to.channel, g.h, g.w, g.c));
        ndl_lanes<P, width> where = ndl_same<P, width>((P)number);
        for (int h = rows.first; h < rows.end; h++, number += g.kw)
            for (int w = columns.first; w < columns.end; w++)
            {
                ndl_lanes<T, width> v = ndl_load<T, width>(x + at(to.image, h, w, to.channel, g.h, g.w, g.c));
#pragma unroll
                for (int j = 0; j < width; j++)
                    if (v.items[j] > best.items[j] || (v.items[j] != v.items[j] && best.items[j] == best.items[j]))
                    {
                        best.items[j] = v.items[j];
                        where.items[j] = (P)(number + w - columns.first);
                    }
            }
        ndl_store<T, width>(y + i * width, best);
        if (places) ndl_store<P, width>(places + i * width, where);
    }
}

template <class T, class P, int width> __device__ void max_pool_scatter(const T* dy, const P* places, T* dx, const geometry& g)
{
    i64 n = (i64)g.n * g.h * g.w * (g.c / width);
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        place to = place_of(i, g.h, g.w, g.c, width);
        range rows = results_with(to.row, g.stride_h, g.top, g.kh, g.oh), columns = results_with(to.column, g.stride_w, g.left, g.kw, g.ow);
        ndl_lanes<T, width> sum = ndl_same<T, width>((T)0);
        for (int h = rows.end - 1; h >= rows.first; h--)
            for (int w = columns.end - 1; w >= columns.first; w--)
            {
                int here = (to.row + g.top - h * g.stride_h) * g.kw + to.column + g.left - w * g.stride_w;
                i64 from = at(to.image, h, w, to.channel, g.oh, g.ow, g.c);
                ndl_lanes<P, width> chosen = ndl_load<P, width>(places + from);
                ndl_lanes<T, width> v = ndl_load<T, width>(dy + from);
#pragma unroll
                for (int j = 0; j < width; j++)
                    if (chosen.items[j] == (P)here) sum.items[j] += v.items[j];
            }
        ndl_store<T, width>(dx + i * width, sum);
    }
}

template <class T, class P> __device__ void max_pool_gather(const T* x, const P* places, T* y, const geometry& g)
{
    i64 n = (i64)g.n * g.oh * g.ow * g.c;
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        place to = place_of(i, g.oh, g.ow, g.c, 1);
        ndl_quotient from = ndl_divide((i64)places[i], g.kw);
        y[i] = x[at(to.image, to.row * g.stride_h - g.top + (int)from.whole, to.column * g.stride_w - g.left + (int)from.rest, to.channel, g.h, g.w, g.c)];
    }
}

template <class T, int width, bool mean> __device__ void average_pool(const T* x, T* y, const geometry& g)
{
    i64 n = (i64)g.n * g.oh * g.ow * (g.c / width);
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        place to = place_of(i, g.oh, g.ow, g.c, width);
        range rows = window_of(to.row, g.stride_h, g.top, g.kh, g.h), columns = window_of(to.column, g.stride_w, g.left, g.kw, g.w);
        ndl_lanes<T, width> sum = ndl_same<T, width>((T)0);
        for (int h = rows.first; h < rows.end; h++)
            for (int w = columns.first; w < columns.end; w++)
                sum.add(ndl_load<T, width>(x + at(to.image, h, w, to.channel, g.h, g.w, g.c)));
        T count = (T)(rows.count() * columns.count());
#pragma unroll
        for (int j = 0; mean && j < width; j++) sum.items[j] /= count;
        ndl_store<T, width>(y + i * width, sum);
    }
}

template <class T, int width, bool mean> __device__ void average_pool_grad(const T* dy, T* dx, const geometry& g)
{
    i64 n = (i64)g.n * g.h * g.w * (g.c / width);
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        place to = place_of(i, g.h, g.w, g.c, width);
        range rows = results_with(to.row, g.stride_h, g.top, g.kh, g.oh), columns = results_with(to.column, g.stride_w, g.left, g.kw, g.ow);
        ndl_lanes<T, width> sum = ndl_same<T, width>((T)0);
        for (int h = rows.end - 1; h >= rows.first; h--)
            for (int w = columns.end - 1; w >= columns.first; w--)
            {
                ndl_lanes<T, width> v = ndl_load<T, width>(dy + at(to.image, h, w, to.channel, g.oh, g.ow, g.c));
                T count = (T)(window_of(h, g.stride_h, g.top, g.kh, g.h).count() * window_of(w, g.stride_w, g.left, g.kw, g.w).count());
#pragma unroll
                for (int j = 0; mean && j < width; j++) v.items[j] /= count;
                sum.add(v);
            }
        ndl_store<T, width>(dx + i * width, sum);
    }
}

// Runs the body for 16 bytes of channels, or for one.
#define BY_CHANNELS(T, wide, call) \
    { \
        const int most = 16 / sizeof(T); \
        if (wide) { const int width = most; call; } \
        else { const int width = 1; call; } \
    }

#define KERNELS(suffix, T, P) \
    extern "C" __global__ void __launch_bounds__(256) max_pool2d_##suffix(const T* x, T* y, P* places, geometry g) \
        BY_CHANNELS(T, ndl_is_wide(x, g.c), (max_pool<T, P, width>(x, y, places, g))) \
    extern "C" __global__ void __launch_bounds__(256) max_pool2d_scatter_##suffix(const T* dy, const P* places, T* dx, geometry g) \
        BY_CHANNELS(T, ndl_is_wide(dy, g.c) && ndl_is_wide(places, g.c), (max_pool_scatter<T, P, width>(dy, places, dx, g))) \
    extern "C" __global__ void __launch_bounds__(256) max_pool2d_gather_##suffix(const T* x, const P* places, T* y, geometry g) \
    { max_pool_gather(x, places, y, g); } \
    extern "C" __global__ void __launch_bounds__(256) avg_pool2d_##suffix(const T* x, T* y, geometry g) \
        BY_CHANNELS(T, ndl_is_wide(x, g.c), (average_pool<T, width, true>(x, y, g))) \
    extern "C" __global__ void __launch_bounds__(256) sum_pool2d_##suffix(const T* x, T* y, geometry g) \
        BY_CHANNELS(T, ndl_is_wide(x, g.c), (average_pool<T, width, false>(x, y, g))) \
    extern "C" __global__ void __launch_bounds__(256) avg_pool2d_grad_##suffix(const T* dy, T* dx, geometry g) \
        BY_CHANNELS(T, ndl_is_wide(dy, g.c), (average_pool_grad<T, width, true>(dy, dx, g))) \
    extern "C" __global__ void __launch_bounds__(256) sum_pool2d_grad_##suffix(const T* dy, T* dx, geometry g) \
        BY_CHANNELS(T, ndl_is_wide(dy, g.c), (average_pool_grad<T, width, false>(dy, dx, g)))

KERNELS(f32, float, i32)
KERNELS(f64, double, i64)
