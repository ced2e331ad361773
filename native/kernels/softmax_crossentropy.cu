// Cross-entropies of the softmax of logits x, [rows, n], and their gradients by x.
//
// softmax_crossentropy             loss = L - (1-s) x[label] - s/n sum x, with L = log sum e^x and smoothing s
// softmax_crossentropy_grad        dx = dy (e^(x-m-rest) - (1-s) [label] - s/n)
// softmax_crossentropy_dense       loss = sum t (L - x); a class of weight t = 0 counts 0 even where x is -inf
// softmax_crossentropy_dense_grad  dx = dy (e^(x-m-rest) sum t - t)
//
// Contiguous rows, aligned to the element; labels are i32, or i64 where `labels` is null. All overwrite; the first of each
// pair writes m = max x and rest = L - m too, apart, as an exponent needs all their digits; where rest is -inf e^(...) is 0. NaN in a row makes its results
// NaN, and so does a label that is no class, 0 to n-1: nothing is read there, the loss and the row of the gradient are NaN.
// Reads and writes everything once, but for rows of more than 128 bytes a thread: those where one class has nearly all, and of
// weighted classes, are read twice. About 20 FLOPs an element.
#include "softmax.cuh"

template <class T> __device__ __forceinline__ T not_a_number();
template <> __device__ __forceinline__ float not_a_number<float>() { return __int_as_float(0x7fc00000); }
template <> __device__ __forceinline__ double not_a_number<double>() { return __longlong_as_double(0x7ff8000000000000LL); }

// The row's label, or -1 if it is no class.
__device__ __forceinline__ i64 label_of(const ndl_place& my, const i32* labels, const i64* wide)
{
    if (!my.exists) return -1;
    i64 label = labels != nullptr ? labels[my.row] : wide[my.row];
    return label >= 0 && label < (i64)my.n ? label : -1;
}

template <class T> __device__ __forceinline__ T probability(T z, T rest) { return rest == -ndl_min::identity<T>() ? (T)0 : exp(z - rest); }

template <class T> __device__ __forceinline__
    void sparse(const ndl_place& my, const T* x, const i32* labels, const i64* wide, T* loss, T* shift, T* rests, double smoothing)
{
    __shared__ T room[32];
    ndl_row<T> row(x, my);
    // Apart, m and the rest are exact where their sum would lose the small one.
    ndl_weights<T> weights = ndl_row_weights(row, room);
    T m = weights.m, rest = ndl_log_weight(row, weights, room), sum = (T)0;
    if (smoothing > 0) sum = row.template reduce<ndl_sum>(room, [&](int i, u32) { return row.items[i]; });
    if (my.lane != 0 || !my.exists) return;
    i64 label = label_of(my, labels, wide);
    T own = label < 0 ? not_a_number<T>() : m - x[my.row * my.n + label] + rest;
    if (smoothing > 0) own = (T)(1 - smoothing) * own + (T)smoothing * (m - sum / (T)my.n + rest);
    loss[my.row] = own;
    shift[my.row] = m;
    rests[my.row] = rest;
}

template <class T> __device__ __forceinline__
    void sparse_grad(const ndl_place& my, const T* x, const T* shift, const T* rests, const i32* labels, const i64* wide, const T* dy, T* dx, double smoothing)
{
    if (!my.exists) return;
    ndl_row<T> row(x, my);
    i64 label = label_of(my, labels, wide);
    T even = (T)smoothing / (T)my.n, m = shift[my.row], s = rests[my.row], d = label < 0 ? not_a_number<T>() : dy[my.row];
    // p - 1 as one function: nothing is lost where p is near 1.
    T own = label < 0 ? (T)0 : expm1(x[my.row * my.n + label] - m - s) + (T)smoothing - even;
    u32 hot = label < 0 ? ~0u : (u32)label;
    row.write(dx, [&](int i, u32 at) { return d * (at == hot ? own : probability(row.items[i] - m, s) - even); });
}

template <class T> __device__ __forceinline__ void dense(const ndl_place& my, const T* x, const T* t, T* loss, T* shift, T* rests)
{
    __shared__ T room[32];
    ndl_row<T> row(x, my), weights(t, my);
    ndl_weights<T> all = ndl_row_weights(row, room);
    T m = all.m, rest = ndl_log_weight(row, all, room);
    T sum = row.template reduce<ndl_sum>(room, [&](int i, u32) { return weights.items[i] == (T)0 ? (T)0 : weights.items[i] * (m - row.items[i] + rest); },
        weights);
    if (my.lane != 0 || !my.exists) return;
    loss[my.row] = sum;
    shift[my.row] = m;
    rests[my.row] = rest;
}

template <class T> __device__ __forceinline__ void dense_grad(const ndl_place& my, const T* x, const T* shift, const T* rests, const T* t, const T* dy, T* dx)
{
    __shared__ T room[32];
    ndl_row<T> row(x, my), weights(t, my);
    T total = weights.template reduce<ndl_sum>(room, [&](int i, u32) { return weights.items[i]; });
    if (!my.exists) return;
    T m = shift[my.row], s = rests[my.row], d = dy[my.row];
    // Where the greatest has more than half of all, p sum t - t is (p - 1) sum t + (sum t - t): nothing is lost where p is near 1.
    T own = expm1(-s) * total;
    bool half = s < (T)0.6931;
    row.write(dx, [&](int i, u32)
    {
        T z = row.items[i] - m, t = weights.items[i];
        return d * (half && z == (T)0 ? own + (total - t) : probability(z, s) * total - t);
    }, weights);
}

#define KERNELS(suffix, T) \
    extern "C" __global__ void __launch_bounds__(256) softmax_crossentropy_##suffix(i64 rows, int n, int lanes, const T* x, const i32* labels, \
        const i64* wideLabels, T* loss, T* shift, T* rests, double smoothing) \
    { sparse(ndl_place(rows, n, lanes), x, labels, wideLabels, loss, shift, rests, smoothing); } \
    extern "C" __global__ void __launch_bounds__(256) softmax_crossentropy_grad_##suffix(i64 rows, int n, int lanes, const T* x, const T* shift, \
        const T* rests, const i32* labels, const i64* wideLabels, const T* dy, T* dx, double smoothing) \
    { sparse_grad(ndl_place(rows, n, lanes), x, shift, rests, labels, wideLabels, dy, dx, smoothing); } \
    extern "C" __global__ void __launch_bounds__(256) softmax_crossentropy_dense_##suffix(i64 rows, int n, int lanes, const T* x, const T* t, T* loss, \
        T* shift, T* rests) \
    { dense(ndl_place(rows, n, lanes), x, t, loss, shift, rests); } \
    extern "C" __global__ void __launch_bounds__(256) softmax_crossentropy_dense_grad_##suffix(i64 rows, int n, int lanes, const T* x, const T* shift, \
        const T* rests, const T* t, const T* dy, T* dx) \
    { dense_grad(ndl_place(rows, n, lanes), x, shift, rests, t, dy, dx); }

KERNELS(f32, float)
KERNELS(f64, double)
