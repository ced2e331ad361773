// The greatest of each segment, column by column: rows of keys (order_key of sorting.cu) [count, columns] belong to the segments
// that `ids` [count] names. An id out of range belongs nowhere.
//
// segment_best   best[s, c] = the greatest key of segment s; `best` [size, columns] is 0 on entry
// segment_place  place[s, c] = the first row that has it, -1 for a segment without rows; `place` is -1 on entry
//
// By atomic extremes of whole numbers, which come out the same in any order. Reads the keys once each.
#include "lanes.cuh"

extern "C" __global__ void __launch_bounds__(256) segment_best_i64(const u64* keys, const i32* ids, u64* best, i64 count, int size, i64 columns)
{
    for (i64 i = ndl_index(); i < count * columns; i += ndl_stride())
    {
        ndl_quotient at = ndl_divide(i, columns);
        u32 segment = (u32)ids[at.whole];
        if (segment < (u32)size) atomicMax(best + (i64)segment * columns + at.rest, keys[i]);
    }
}

extern "C" __global__ void __launch_bounds__(256) segment_place_i32(const u64* keys, const i32* ids, const u64* best, u32* place, i64 count, int size,
    i64 columns)
{
    for (i64 i = ndl_index(); i < count * columns; i += ndl_stride())
    {
        ndl_quotient at = ndl_divide(i, columns);
        u32 segment = (u32)ids[at.whole];
        if (segment >= (u32)size) continue;
        i64 to = (i64)segment * columns + at.rest;
        if (best[to] == keys[i]) atomicMin(place + to, (u32)at.whole);
    }
}
