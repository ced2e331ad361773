// Convolution y = f(x * kernel + bias), float and double: sums over taps and channels, pixels by filters.
//
// Layout as in convolution.cuh; y is overwritten, z likewise keeps what f was applied to, unless it is null; bias: f numbers, or null.
// grid     x: tiles of pixels by filters of a group, group after group; y: parts of the sum, written to y + part * size of y
//          without bias and function, and added up by gemm_sum
// NaN: as the sums have it; padding counts for nothing. 2 n oh ow f kh kw c / groups FLOPs.
#include "activations.cuh"
#include "convolution.cuh"

template <class Tile, class F, class T> __device__ __forceinline__
    void conv2d(const T* x, const T* kernel, const T* bias, T* y, T* z, const ndl_convolution& s, const ndl_attributes& attributes)
{
    int filters = s.f / s.groups, pixels = s.n * s.oh * s.ow, taps = s.kh * s.kw * (s.c / s.groups);
    ndl_place<Tile> tile(pixels, filters);
    int group = tile.product, from = blockIdx.y * s.part, end = taps - from < s.part ? taps : from + s.part;
    i64 at = (i64)blockIdx.y * pixels * s.f + group * filters;

    ndl_windows<T> windows = ndl_images(x, s, group);
    ndl_pixels_by_taps<T> left(windows, pixels);
    ndl_matrix<T> right(kernel + group * filters, 1, s.f, filters, taps);
    T sum[Tile::down][Tile::across];
    ndl_product<Tile, T, ndl_packed<ndl_pixels_by_taps<T>>, ndl_packed_matrix<T, false>>(left, right, tile.row, tile.column, from, end, sum);

    ndl_result<T, ndl_rows> result = {bias == nullptr ? bias : bias + group * filters, y + at, z == nullptr ? z : z + at, {pixels, s.f}, filters};
    result.template store<Tile, F>(sum, tile.row, tile.column, attributes.values);
}

#define CONV2D(name, tile, F, suffix, T) \
    extern "C" __global__ void __launch_bounds__(ndl_##tile<T>::threads, ndl_##tile<T>::blocks) name##_##suffix(const T* x, const T* kernel, const T* bias, \
        T* y, T* z, ndl_convolution sizes, ndl_attributes attributes) \
    { conv2d<ndl_##tile<T>, F>(x, kernel, bias, y, z, sizes, attributes); }

CONV2D(conv2d_large, large, fn_identity, f32, float)
CONV2D(conv2d_tall, tall, fn_identity, f32, float)
CONV2D(conv2d_medium, medium, fn_identity, f32, float)
CONV2D(conv2d_small, small, fn_identity, f32, float)
CONV2D(conv2d_medium, medium, fn_identity, f64, double)
CONV2D(conv2d_small, small, fn_identity, f64, double)
CONV2D(conv2d_large_relu, large, fn_relu, f32, float)
CONV2D(conv2d_tall_relu, tall, fn_relu, f32, float)
CONV2D(conv2d_medium_relu, medium, fn_relu, f32, float)
CONV2D(conv2d_small_relu, small, fn_relu, f32, float)
