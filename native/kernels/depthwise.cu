// Depthwise convolutions, a filter for each channel, float and double: too few products an element for tiles to pay.
//
// Layout as in convolution.cuh with f = c = groups; threads of a warp work on neighbouring channels.
// depthwise_forward      y = f(x * kernel + bias); y overwritten, z likewise unless null; a thread for a pixel and a pack of channels
// depthwise_input_grad   dx from dy and the kernel; dx overwritten; likewise
// depthwise_kernel_grad  dk, the sums over the pixels; grid x: taps, each by blocks of `lanes` channels, y: parts of the pixels,
//                        written to dk + part * size of dk and added up by gemm_sum; blocks of 256, lanes a power of two up to 32
// NaN: as the sums have it; padding counts for nothing. 2 n oh ow c kh kw FLOPs; reads neighbouring windows from the cache.
#include "activations.cuh"
#include "convolution.cuh"

// The channels of a pixel of the result by packs of w: `work` gets pixel and channel.
template <int w, class Work> __device__ __forceinline__ void over_channels(i64 pixels, int channels, Work work)
{
    int packs = channels / w;
    for (i64 i = ndl_index(); i < pixels * packs; i += ndl_stride())
    {
        i64 pixel = pixels * packs <= 0x7fffffff ? (u32)i / (u32)packs : i / packs;
        work((int)pixel, (int)(i - pixel * packs) * w);
    }
}

template <int w, class F, class T> __device__ __forceinline__
    void depthwise_forward(const T* x, const T* kernel, const T* bias, T* y, T* z, const ndl_convolution& s, const ndl_attributes& attributes)
{
    ndl_windows<T> windows = ndl_images(x, s, 0);
    int pixels = s.n * s.oh * s.ow;
    over_channels<w>(pixels, s.c, [&](int pixel, int channel)
    {
        auto place = windows.window(pixel, pixels);
        ndl_pack<T, w> sum = {};
        for (int u = 0; u < s.kh; u++)
            for (int v = 0; v < s.kw; v++)
            {
                int down = u * s.dilation_down, across = v * s.dilation_across;
                if ((u32)(place.y + down) >= (u32)s.h || (u32)(place.x + across) >= (u32)s.w) continue;
                ndl_pack<T, w> a = ndl_load_pack<w>(place.p + ((i64)down * s.w + across) * s.c + channel, 1),
                    b = ndl_load_pack<w>(kernel + (i64)(u * s.kw + v) * s.c + channel, 1);
#pragma unroll
                for (int j = 0; j < w; j++) sum.items[j] += a.items[j] * b.items[j];
            }
        i64 at = (i64)pixel * s.c + channel;
#pragma unroll
        for (int j = 0; j < w; j++)
        {
            if (bias != nullptr) sum.items[j] += bias[channel + j];
            if (z != nullptr) z[at + j] = sum.items[j];
            sum.items[j] = F::template apply<T>(sum.items[j], attributes.values);
        }
        *reinterpret_cast<ndl_pack<T, w>*>(y + at) = sum;
    });
}

template <int w, class T> __device__ __forceinline__ void depthwise_input_grad(const T* dy, const T* kernel, T* dx, const ndl_convolution& s)
{
    over_channels<w>((i64)s.n * s.h * s.w, s.c, [&](int pixel, int channel)
    {
        u32 whole = s.columns.divide(pixel), column = pixel - whole * s.columns.value, image = s.rows.divide(whole), row = whole - image * s.rows.value;
        ndl_pack<T, w> sum = {};
        for (int u = 0; u < s.kh; u++)
        {
            int down = (int)row + s.top - u * s.dilation_down, y = down / s.stride_down;
            if (down < 0 || down % s.stride_down != 0 || y >= s.oh) continue;
            for (int v = 0; v < s.kw; v++)
            {
                int across = (int)column + s.left - v * s.dilation_across, at = across / s.stride_across;
                if (across < 0 || across % s.stride_across != 0 || at >= s.ow) continue;
                ndl_pack<T, w> a = ndl_load_pack<w>(dy + (((i64)image * s.oh + y) * s.ow + at) * s.c + channel, 1),
                    b = ndl_load_pack<w>(kernel + (i64)(u * s.kw + v) * s.c + channel, 1);
#pragma unroll
                for (int j = 0; j < w; j++) sum.items[j] += a.items[j] * b.items[j];
            }
        }
        *reinterpret_cast<ndl_pack<T, w>*>(dx + (i64)pixel * s.c + channel) = sum;
    });
}

template <class T> __device__ __forceinline__ void depthwise_kernel_grad(const T* x, const T* dy, T* dk, const ndl_convolution& s, int lanes)
{
    __shared__ T room[256];
    int across = (s.c - 1) / lanes + 1, tap = blockIdx.x / across, channel = (int)(blockIdx.x % across) * lanes + (int)threadIdx.x % lanes;
    int u = tap / s.kw, v = tap % s.kw, pixels = s.n * s.oh * s.ow, end = pixels - (int)blockIdx.y * s.part < s.part ? pixels : (int)(blockIdx.y + 1) * s.part;
    ndl_windows<T> windows = ndl_images(x, s, 0);
    T sum = (T)0;
    for (int pixel = blockIdx.y * s.part + threadIdx.x / lanes; channel < s.c && pixel < end; pixel += 256 / lanes)
    {
        auto place = windows.window(pixel, end);
        int down = u * s.dilation_down, right = v * s.dilation_across;
        if ((u32)(place.y + down) < (u32)s.h && (u32)(place.x + right) < (u32)s.w)
            sum += place.p[((i64)down * s.w + right) * s.c + channel] * dy[(i64)pixel * s.c + channel];
    }
    room[threadIdx.x] = sum;
    __syncthreads();
    if (threadIdx.x >= lanes || channel >= s.c) return;
    for (int i = threadIdx.x + lanes; i < 256; i += lanes) sum += room[i];
    dk[((i64)blockIdx.y * s.kh * s.kw + tap) * s.c + channel] = sum;
}

#define FORWARD(name, F, suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) name##_##suffix(const T* x, const T* kernel, const T* bias, T* y, T* z, ndl_convolution s, \
        ndl_attributes attributes) \
    { \
        const int w = ndl_pack<T>::size; \
        if (s.c % w == 0 && ndl_is_aligned16(x) && ndl_is_aligned16(kernel) && ndl_is_aligned16(y)) \
            depthwise_forward<w, F>(x, kernel, bias, y, z, s, attributes); \
        else depthwise_forward<1, F>(x, kernel, bias, y, z, s, attributes); \
    }

#define KERNELS(suffix, T) \
    FORWARD(depthwise_forward, fn_identity, suffix, T) \
    FORWARD(depthwise_forward_relu, fn_relu, suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) depthwise_input_grad_##suffix(const T* dy, const T* kernel, T* dx, ndl_convolution s) \
    { \
        const int w = ndl_pack<T>::size; \
        if (s.c % w == 0 && ndl_is_aligned16(dy) && ndl_is_aligned16(kernel) && ndl_is_aligned16(dx)) depthwise_input_grad<w>(dy, kernel, dx, s); \
        else depthwise_input_grad<1>(dy, kernel, dx, s); \
    } \
    extern "C" __global__ void __launch_bounds__(256) depthwise_kernel_grad_##suffix(const T* x, const T* dy, T* dk, ndl_convolution s, int lanes) \
    { depthwise_kernel_grad(x, dy, dk, s, lanes); }

KERNELS(f32, float)
KERNELS(f64, double)
