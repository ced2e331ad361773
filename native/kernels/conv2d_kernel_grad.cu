// Gradient of a convolution in its kernel, float and double: dk = sum over pixels of taps of x by filters of dy.
//
// Layout as in convolution.cuh; dk [kh, kw, c / groups, f] is overwritten.
// grid     x: tiles of taps by filters of a group, group after group; y: parts of the pixels, written to dk + part * size of dk
//          and added up by gemm_sum
// NaN: as the sums have it; padding counts for nothing. 2 n oh ow f kh kw c / groups FLOPs.
#include "convolution.cuh"

template <class Tile, class T> __device__ __forceinline__ void conv2d_kernel_grad(const T* x, const T* dy, T* dk, const ndl_convolution& s)
{
    int filters = s.f / s.groups, pixels = s.n * s.oh * s.ow, taps = s.kh * s.kw * (s.c / s.groups);
    ndl_place<Tile> tile(taps, filters);
    int group = tile.product, from = blockIdx.y * s.part, end = pixels - from < s.part ? pixels : from + s.part;

    ndl_windows<T> windows = ndl_images(x, s, group);
    ndl_taps_by_pixels<T> left(windows, taps);
    ndl_matrix<T> right(dy + group * filters, 1, s.f, filters, pixels);
    T sum[Tile::down][Tile::across];
    ndl_product<Tile, T, ndl_packed<ndl_taps_by_pixels<T>>, ndl_packed_matrix<T, false>>(left, right, tile.row, tile.column, from, end, sum);

    ndl_result<T, ndl_rows> result = {nullptr, dk + (i64)blockIdx.y * taps * s.f + group * filters, nullptr, {taps, s.f}, filters};
    result.template store<Tile, fn_identity>(sum, tile.row, tile.column, nullptr);
}

#define KERNEL_GRADIENT(tile, suffix, T) \
    extern "C" __global__ void __launch_bounds__(ndl_##tile<T>::threads, ndl_##tile<T>::blocks) conv2d_kernel_grad_##tile##_##suffix(const T* x, const T* dy, \
        const T*, T* dk, T*, ndl_convolution sizes, ndl_attributes) \
    { conv2d_kernel_grad<ndl_##tile<T>>(x, dy, dk, sizes); }

KERNEL_GRADIENT(large, f32, float)
KERNEL_GRADIENT(tall, f32, float)
KERNEL_GRADIENT(medium, f32, float)
KERNEL_GRADIENT(small, f32, float)
KERNEL_GRADIENT(medium, f64, double)
KERNEL_GRADIENT(small, f64, double)
