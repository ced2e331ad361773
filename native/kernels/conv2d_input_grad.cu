// Gradient of a convolution in its images, or a transposed convolution, float and double: dx from dy and the kernel.
//
// Layout as in convolution.cuh; dx [n, h, w, c] is overwritten.
// A pixel of dx meets every stride-th tap at most, and pixels a stride apart meet the same ones: the pixels fall into
// stride x stride classes, each a product of its own over the taps it meets, so that no tap is multiplied in vain.
// grid     x: tiles of the pixels of a class by channels of a group, group after group, class after class (row after row of
//          classes, of which an image has no more than rows and columns); y: parts of the sum, written to dx + part * size of dx
//          and added up by gemm_sum
// NaN: as the sums have it; padding counts for nothing. 2 n oh ow f kh kw c / groups FLOPs.
#include "convolution.cuh"

// The taps that pixels of a class meet, in one direction: every step-th from the first.
struct meeting
{
    int first, step;
    ndl_axis axis;

    // Pixels r, r + stride, ... of `padding` before the image: pixel p meets tap t if p + padding - t * dilation is a multiple of the stride.
    __device__ __forceinline__ meeting(int r, int padding, int stride, int dilation, int taps)
    {
        for (step = 1; step * dilation % stride != 0; step++) { }
        for (first = 0; first < taps && first < step && (r + padding - first * dilation) % stride != 0; first++) { }
        int count = first < taps && first < step ? (taps - 1 - first) / step + 1 : 0;
        axis = {1, (r + padding - first * dilation) / stride, -(step * dilation / stride), count};
    }
};

// Kernels as [taps of the class and filters of the group][channels of the group].
template <class T> struct class_kernel
{
    const T* p;
    const meeting& down;
    const meeting& across;
    i64 f, tap_size;
    int kw, lines;
    ndl_divisor filters;
    bool packed;

    __device__ __forceinline__ class_kernel(const T* p, const meeting& down, const meeting& across, const ndl_convolution& s)
        : p(p), down(down), across(across), f(s.f), tap_size((i64)s.f * (s.c / s.groups)), kw(s.kw), lines(s.c / s.groups), filters(s.channels)
    {
        const int pack = ndl_pack<T>::size;
        packed = filters.value % pack == 0 && ndl_is_aligned16(p);
    }

    static __device__ __forceinline__ constexpr bool steps_run_on() { return true; }
    __device__ __forceinline__ ndl_line<T> line(int i) const { return {ndl_keep(p + i * f), i < lines}; }

    __device__ __forceinline__ ndl_step step(int k, int end) const
    {
        u32 tap = filters.divide(k), filter = k - tap * filters.value, u = tap / (u32)across.axis.taps, v = tap - u * (u32)across.axis.taps;
        return {((i64)(down.first + (int)u * down.step) * kw + across.first + (int)v * across.step) * tap_size + filter, k < end};
    }

    __device__ __forceinline__ bool has(const ndl_line<T>& line, const ndl_step& step) const { return line.inside && step.inside; }
    __device__ __forceinline__ const T* at(const ndl_line<T>& line, const ndl_step& step) const { return line.p + step.offset; }
};

// Where the pixels of a class stand in dx.
struct class_rows
{
    const ndl_convolution& s;
    int first_row, first_column, count;
    i64 lead;

    __device__ __forceinline__ i64 begin(int i) const
    {
        u32 whole = s.columns.divide(i), column = i - whole * s.columns.value, image = s.rows.divide(whole), row = whole - image * s.rows.value;
        int y = first_row + (int)row * s.stride_down, x = first_column + (int)column * s.stride_across;
        return i < count && y < s.h && x < s.w ? (((i64)image * s.h + y) * s.w + x) * lead : -1;
    }
};

template <class Tile, class T> __device__ __forceinline__ void conv2d_input_grad(const T* dy, const T* kernel, T* dx, const ndl_convolution& s)
{
    int filters = s.f / s.groups, channels = s.c / s.groups, pixels = s.n * s.rows.value * s.columns.value;
    ndl_place<Tile> tile(pixels, channels);
    int group = tile.product % s.groups, kind = tile.product / s.groups, kinds_across = s.stride_across < s.w ? s.stride_across : s.w;
    int row = kind / kinds_across, column = kind % kinds_across;
    meeting down(row, s.top, s.stride_down, s.dilation_down, s.kh), across(column, s.left, s.stride_across, s.dilation_across, s.kw);
    int steps = down.axis.taps * across.axis.taps * filters, from = blockIdx.y * s.part, end = steps - from < s.part ? steps : from + s.part;

    ndl_windows<T> windows = {dy + group * filters, s.oh, s.ow, s.f, down.axis, across.axis, s.rows, s.columns, s.channels};
    ndl_pixels_by_taps<T> left(windows, pixels);
    class_kernel<T> right(kernel + group * filters, down, across, s);
    T sum[Tile::down][Tile::across];
    ndl_product<Tile, T, ndl_packed<ndl_pixels_by_taps<T>>, ndl_packed<class_kernel<T>>>(left, right, tile.row, tile.column, from, end, sum);

    i64 size = (i64)s.n * s.h * s.w * s.c;
    ndl_result<T, class_rows> result = {nullptr, dx + blockIdx.y * size + group * channels, nullptr, {s, row, column, pixels, s.c}, channels};
    result.template store<Tile, fn_identity>(sum, tile.row, tile.column, nullptr);
}

#define INPUT_GRADIENT(tile, suffix, T) \
    extern "C" __global__ void __launch_bounds__(ndl_##tile<T>::threads, ndl_##tile<T>::blocks) conv2d_input_grad_##tile##_##suffix(const T* dy, \
        const T* kernel, const T*, T* dx, T*, ndl_convolution sizes, ndl_attributes) \
    { conv2d_input_grad<ndl_##tile<T>>(dy, kernel, dx, sizes); }

INPUT_GRADIENT(large, f32, float)
INPUT_GRADIENT(tall, f32, float)
INPUT_GRADIENT(medium, f32, float)
INPUT_GRADIENT(small, f32, float)
INPUT_GRADIENT(medium, f64, double)
INPUT_GRADIENT(small, f64, double)
