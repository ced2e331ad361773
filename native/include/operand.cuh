// Operands of products: structs that say where elements stand.
//   line(i), step(k, end)    what address arithmetic there is to do once for a line, or once for a step; outside it says so
//   has(line, step)          whether there is an element; else it counts as zero: outside of the matrix, or of the image
//   at(line, step)           its address
//   steps_run_on()           whether neighbouring steps stand side by side in memory; else neighbouring lines do
//   packed                   whether they do so by whole, aligned 16 bytes that are all there or all zero
// Those of the first kind know the last two only as they run, those of the second while they are compiled.
#pragma once
#include "elementwise.cuh"

// A line by its address, and a step by the way to it.
template <class T> struct ndl_line
{
    const T* p;
    bool inside;
};

struct ndl_step
{
    i64 offset;
    bool inside;
};

// A matrix: element (line, step) at p[line * line_stride + step * step_stride], one of the strides being 1.
template <class T> struct ndl_matrix
{
    const T* p;
    i64 line_stride, step_stride;
    int lines;
    bool packed;

    __device__ __forceinline__ ndl_matrix(const T* p, i64 line_stride, i64 step_stride, int lines, int steps)
        : p(p), line_stride(line_stride), step_stride(step_stride), lines(lines)
    {
        const int pack = ndl_pack<T>::size;
        packed = ndl_is_aligned16(p) && (step_stride == 1 ? steps : lines) % pack == 0 && (step_stride == 1 ? line_stride : step_stride) % pack == 0;
    }

    __device__ __forceinline__ bool steps_run_on() const { return step_stride == 1; }
    __device__ __forceinline__ ndl_line<T> line(int i) const { return {p + i * line_stride, i < lines}; }
    __device__ __forceinline__ ndl_step step(int k, int end) const { return {k * step_stride, k < end}; }
    __device__ __forceinline__ bool has(const ndl_line<T>& line, const ndl_step& step) const { return line.inside && step.inside; }
    __device__ __forceinline__ const T* at(const ndl_line<T>& line, const ndl_step& step) const { return line.p + step.offset; }
};

// A packed matrix of which steps run on, or lines.
template <class T, bool turned> struct ndl_packed_matrix
{
    static constexpr bool packed = true;

    const T* p;
    i64 stride;
    int lines;

    __device__ __forceinline__ ndl_packed_matrix(const ndl_matrix<T>& m) : p(m.p), stride(turned ? m.line_stride : m.step_stride), lines(m.lines) { }

    static __device__ __forceinline__ constexpr bool steps_run_on() { return turned; }
    __device__ __forceinline__ ndl_line<T> line(int i) const { return {ndl_keep(turned ? p + i * stride : p + i), i < lines}; }
    __device__ __forceinline__ ndl_step step(int k, int end) const { return {turned ? k : k * stride, k < end}; }
    __device__ __forceinline__ bool has(const ndl_line<T>& line, const ndl_step& step) const { return line.inside && step.inside; }
    __device__ __forceinline__ const T* at(const ndl_line<T>& line, const ndl_step& step) const { return line.p + step.offset; }
};

// Any other operand that is packed.
template <class X> struct ndl_packed : X
{
    static constexpr bool packed = true;

    __device__ __forceinline__ ndl_packed(const X& x) : X(x) { }
};
