// Choice: y = c ? a : b with broadcasting, for elements of 1, 2, 4 and 8 bytes; bits stay as they are.
// The layout is that of elementwise.cuh with three operands; c holds bytes, 0 or 1.
// Moves each operand and the result once, no FLOPs.
#include "elementwise.cuh"

template <class T> __device__ __forceinline__ void where(const u8* c, const T* a, const T* b, T* y, i64 n, const ndl_walk& walk)
{
    constexpr int w = ndl_width<T, T>;
    if (walk.rank == 1 && walk.inner(3) == 1 && ndl_is_straight<w>(c, walk.inner(0)) && ndl_is_straight<w>(a, walk.inner(1)) && ndl_is_straight<w>(b, walk.inner(2)) && ndl_is_aligned<w>(y))
    {
#pragma unroll 1
        for (i64 i = ndl_index() * w; i <= n - w; i += ndl_stride() * w)
        {
            ndl_pack<u8, w> choice = ndl_load_pack<w>(c, walk.inner(0), i);
            ndl_pack<T, w> yes = ndl_load_pack<w>(a, walk.inner(1), i), no = ndl_load_pack<w>(b, walk.inner(2), i);
#pragma unroll
            for (int j = 0; j < w; j++)
                if (choice.items[j] == 0) yes.items[j] = no.items[j];
            *reinterpret_cast<ndl_pack<T, w>*>(y + i) = yes;
        }
        i64 last = n / w * w + ndl_index();
        if (last < n) y[last] = c[last * walk.inner(0)] != 0 ? a[last * walk.inner(1)] : b[last * walk.inner(2)];
        return;
    }
#pragma unroll 1
    for (i64 i = ndl_index(); i < n; i += ndl_stride())
    {
        i64 at[4];
        ndl_offsets<4>(walk, i, n, at);
        y[at[3]] = c[at[0]] != 0 ? a[at[1]] : b[at[2]];
    }
}

#define WHERE(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) where_##suffix(const u8* c, const T* a, const T* b, T* y, i64 n, ndl_walk walk, ndl_attributes) { where(c, a, b, y, n, walk); }

WHERE(f32, u32)
WHERE(f64, u64)
WHERE(i32, u32)
WHERE(i64, u64)
WHERE(b8, u8)
WHERE(u8, u8)
WHERE(bf16, u16)
WHERE(f16, u16)
