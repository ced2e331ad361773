// Choice: y = c ? a : b with broadcasting, for elements of 1, 2, 4 and 8 bytes, one kernel a size, named
// after u8, f16, i32 and i64; bits stay as they are.
// The layout is that of elementwise.cuh with three operands; c holds bytes, 0 or 1.
// Moves each operand and the result once, no FLOPs.
#include "elementwise.cuh"

template <class T> __device__ __forceinline__ void where(const u8* c, const T* a, const T* b, T* y, i64 n, const ndl_walk& walk)
{
    constexpr int w = ndl_width<T, T>;
    i64 at[4], first = ndl_index(), step = ndl_stride();
    if (ndl_has_packs<w>(walk) && walk.inner(3) == 1 && ndl_is_packed<w>(c, walk, 0) && ndl_is_packed<w>(a, walk, 1) && ndl_is_packed<w>(b, walk, 2)
        && ndl_is_packed<w>(y, walk, 3))
    {
#pragma unroll 1
        for (i64 i = first * w; i <= n - w; i += step * w)
        {
            ndl_offsets<4>(walk, i, n, at);
            ndl_pack<u8, w> choice = ndl_load_pack<w>(c + at[0], walk.inner(0));
            ndl_pack<T, w> yes = ndl_load_pack<w>(a + at[1], walk.inner(1)), no = ndl_load_pack<w>(b + at[2], walk.inner(2));
#pragma unroll
            for (int j = 0; j < w; j++)
                if (choice.items[j] == 0) yes.items[j] = no.items[j];
            *reinterpret_cast<ndl_pack<T, w>*>(y + at[3]) = yes;
        }
        first += n / w * w;
    }
#pragma unroll 1
    for (i64 i = first; i < n; i += step)
    {
        ndl_offsets<4>(walk, i, n, at);
        y[at[3]] = c[at[0]] != 0 ? a[at[1]] : b[at[2]];
    }
}

#define WHERE(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) where_##suffix(const u8* c, const T* a, const T* b, T* y, i64 n, ndl_walk walk, ndl_attributes) \
    { where(c, a, b, y, n, walk); }

WHERE(i32, u32)
WHERE(i64, u64)
WHERE(u8, u8)
WHERE(f16, u16)
