// What convolutions and their gradients share. Each is a matrix product of which one operand is never written out: its
// element (pixel, tap) is what a window sees there, found by arithmetic on the way to shared memory.
//
// images x [n, h, w, c], kernels [kh, kw, c / groups, f], results y [n, oh, ow, f], all contiguous, aligned to the element.
// Where the channels of a group are whole packs of 16 bytes and the tensors are aligned to them, packs are read.
#pragma once
#include "divisor.cuh"
#include "gemm.cuh"

struct ndl_convolution
{
    int n, h, w, c, kh, kw, f, oh, ow;
    int stride_down, stride_across, top, left, dilation_down, dilation_across, groups;
    int part;                             // steps of each part of a sum, a multiple of the depth of panels
    ndl_divisor rows, columns, channels;  // of the pixels of an image, and of a tap, as the kernel walks them
};

// One direction of windows: that of line i begins at i * scale + shift, and its tap t stands t * hop further.
struct ndl_axis
{
    int scale, shift, hop, taps;
};

// Windows over images of `height` rows and `width` columns, whose pixels lie `lead` elements apart.
template <class T> struct ndl_windows
{
    struct place
    {
        const T* p;
        int y, x;
    };

    struct hop
    {
        i64 offset;
        int y, x;
    };

    static constexpr int outside = -(1 << 30);   // even together with any place of an image

    const T* p;   // at the first channel
    int height, width;
    i64 lead;
    ndl_axis down, across;
    ndl_divisor rows, columns, channels;   // windows in an image; channels of a tap

    // Where window i begins, none from `end` on.
    __device__ __forceinline__ place window(int i, int end) const
    {
        u32 whole = columns.divide(i), column = i - whole * columns.value, image = rows.divide(whole), row = whole - image * rows.value;
        int y = (int)row * down.scale + down.shift, x = (int)column * across.scale + across.shift;
        return {p + (((i64)image * height + y) * width + x) * lead, i < end ? y : outside, x};
    }

    // How far from there tap and channel k stand, none from `end` on.
    __device__ __forceinline__ hop tap(int k, int end) const
    {
        u32 tap = channels.divide(k), channel = k - tap * channels.value, u = tap / (u32)across.taps, v = tap - u * (u32)across.taps;
        int y = (int)u * down.hop, x = (int)v * across.hop;
        return {((i64)y * width + x) * lead + channel, k < end ? y : outside, x};
    }

    __device__ __forceinline__ bool has(const place& window, const hop& tap) const
    {
        return (u32)(window.y + tap.y) < (u32)height && (u32)(window.x + tap.x) < (u32)width;
    }

    __device__ __forceinline__ const T* at(const place& window, const hop& tap) const { return window.p + tap.offset; }

    __device__ __forceinline__ bool is_packed() const
    {
        const int pack = ndl_pack<T>::size;
        return channels.value % pack == 0 && lead % pack == 0 && ndl_is_aligned16(p);
    }
};

// Operands of ndl_product: pixels by taps, and taps by pixels.
template <class T> struct ndl_pixels_by_taps
{
    const ndl_windows<T>& windows;
    int lines;
    bool packed;

    __device__ __forceinline__ ndl_pixels_by_taps(const ndl_windows<T>& windows, int lines) : windows(windows), lines(lines), packed(windows.is_packed()) { }

    static __device__ __forceinline__ constexpr bool steps_run_on() { return true; }
    __device__ __forceinline__ auto line(int i) const
    {
        auto window = windows.window(i, lines);
        window.p = ndl_keep(window.p);
        return window;
    }

    __device__ __forceinline__ auto step(int k, int end) const { return windows.tap(k, end); }
    template <class L, class S> __device__ __forceinline__ bool has(const L& line, const S& step) const { return windows.has(line, step); }
    template <class L, class S> __device__ __forceinline__ const T* at(const L& line, const S& step) const { return windows.at(line, step); }
};

template <class T> struct ndl_taps_by_pixels
{
    const ndl_windows<T>& windows;
    int lines;
    bool packed;

    __device__ __forceinline__ ndl_taps_by_pixels(const ndl_windows<T>& windows, int lines) : windows(windows), lines(lines), packed(windows.is_packed()) { }

    static __device__ __forceinline__ constexpr bool steps_run_on() { return false; }
    __device__ __forceinline__ auto line(int i) const { return windows.tap(i, lines); }
    __device__ __forceinline__ auto step(int k, int end) const { return windows.window(k, end); }
    template <class L, class S> __device__ __forceinline__ bool has(const L& line, const S& step) const { return windows.has(step, line); }
    template <class L, class S> __device__ __forceinline__ const T* at(const L& line, const S& step) const { return windows.at(step, line); }
};

// The windows of the convolution itself, at the channels of a group.
template <class T> __device__ __forceinline__ ndl_windows<T> ndl_images(const T* x, const ndl_convolution& s, int group)
{
    return {x + group * (s.c / s.groups), s.h, s.w, s.c, {s.stride_down, -s.top, s.dilation_down, s.kh}, {s.stride_across, -s.left, s.dilation_across, s.kw},
        s.rows, s.columns, s.channels};
}

// The tile of a block among `rows` x `columns` results of each of several products, tile after tile, product after product.
template <class Tile> struct ndl_place
{
    int row, column, product;

    __device__ __forceinline__ ndl_place(int rows, int columns)
    {
        u32 across = (u32)(columns - 1) / Tile::columns + 1, down = (u32)(rows - 1) / Tile::rows + 1, tile = blockIdx.x % (across * down);
        product = (int)(blockIdx.x / (across * down));
        row = (int)(tile / across) * Tile::rows;
        column = (int)(tile % across) * Tile::columns;
    }
};
