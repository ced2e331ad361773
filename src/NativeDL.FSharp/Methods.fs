namespace NativeDL.FSharp

open System
open NativeDL

/// <summary>
/// The methods that take <c>params</c> spans in C#, callable in the same way from F#: <c>x.Sum()</c>, <c>x.Mean(0)</c>,
/// <c>x.Reshape(5, 1)</c>, <c>Shape.Of(2, 3)</c>.
/// </summary>
[<AutoOpen>]
module Methods =

    type Shape with

        /// <summary>A shape of the given dimensions; none for a scalar.</summary>
        /// <example><code>Tensor.Zeros(Shape.Of(2, 3), DType.Float64)</code></example>
        static member Of([<ParamArray>] dimensions: int[]) = Shape.Of(ReadOnlySpan dimensions)

    type Tensor with

        /// <summary>The same elements in another shape; one dimension may be -1 and follows from the others.</summary>
        /// <example><code>x.Reshape(5, -1)</code></example>
        member x.Reshape([<ParamArray>] shape: int[]) = x.Reshape(ReadOnlySpan shape)

        /// <summary>The axes in another order: <c>[a, b, c] -> [c, a, b]</c> for 2, 0, 1.</summary>
        /// <example><code>x.Permute(2, 0, 1)</code></example>
        member x.Permute([<ParamArray>] order: int[]) = x.Permute(ReadOnlySpan order)

        /// <summary>The tensor without axes of size 1, the named ones or all: <c>[1, n, 1] -> [n]</c>.</summary>
        /// <example><code>x.Squeeze(-1)</code></example>
        member x.Squeeze([<ParamArray>] axes: int[]) = x.Squeeze(ReadOnlySpan axes)

        /// <summary>The sum over the named axes, or over all: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
        /// <example><code>x.Sum()</code></example>
        member x.Sum([<ParamArray>] axes: int[]) = x.Sum(ReadOnlySpan axes)

        /// <summary>As above; with <c>keepDims = true</c> the axes stay, of size 1, so that the result broadcasts against <c>x</c>.</summary>
        /// <example><code>x.Sum([ -1 ], keepDims = true)</code></example>
        member x.Sum(axes: int seq, keepDims: bool) = x.Sum(ReadOnlySpan(Seq.toArray axes), keepDims)

        /// <summary>The mean over the named axes, or over all: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
        /// <example><code>x.Mean(0)</code></example>
        member x.Mean([<ParamArray>] axes: int[]) = x.Mean(ReadOnlySpan axes)

        /// <summary>As above; with <c>keepDims = true</c> the axes stay, of size 1, so that the result broadcasts against <c>x</c>.</summary>
        /// <example><code>x.Mean([ -1 ], keepDims = true)</code></example>
        member x.Mean(axes: int seq, keepDims: bool) = x.Mean(ReadOnlySpan(Seq.toArray axes), keepDims)

        /// <summary>The greatest element over the named axes, or over all: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
        /// <example><code>x.Max(-1)</code></example>
        member x.Max([<ParamArray>] axes: int[]) = x.Max(ReadOnlySpan axes)

        /// <summary>As above; with <c>keepDims = true</c> the axes stay, of size 1, so that the result broadcasts against <c>x</c>.</summary>
        /// <example><code>x.Max([ -1 ], keepDims = true)</code></example>
        member x.Max(axes: int seq, keepDims: bool) = x.Max(ReadOnlySpan(Seq.toArray axes), keepDims)

        /// <summary>The least element over the named axes, or over all: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
        /// <example><code>x.Min(0, 1)</code></example>
        member x.Min([<ParamArray>] axes: int[]) = x.Min(ReadOnlySpan axes)

        /// <summary>As above; with <c>keepDims = true</c> the axes stay, of size 1, so that the result broadcasts against <c>x</c>.</summary>
        /// <example><code>x.Min([ -1 ], keepDims = true)</code></example>
        member x.Min(axes: int seq, keepDims: bool) = x.Min(ReadOnlySpan(Seq.toArray axes), keepDims)

        /// <summary>The Euclidean norm over the named axes, or over all: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
        /// <example><code>x.Norm(-1)</code></example>
        member x.Norm([<ParamArray>] axes: int[]) = x.Norm(ReadOnlySpan axes)

        /// <summary>As above; with <c>keepDims = true</c> the axes stay, of size 1, so that the result broadcasts against <c>x</c>.</summary>
        /// <example><code>x.Norm([ -1 ], keepDims = true)</code></example>
        member x.Norm(axes: int seq, keepDims: bool) = x.Norm(ReadOnlySpan(Seq.toArray axes), keepDims)

        /// <summary>log Σ eˣ, without overflow, over the named axes, or over all: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
        /// <example><code>x.LogSumExp(-1)</code></example>
        member x.LogSumExp([<ParamArray>] axes: int[]) = x.LogSumExp(ReadOnlySpan axes)

        /// <summary>As above; with <c>keepDims = true</c> the axes stay, of size 1, so that the result broadcasts against <c>x</c>.</summary>
        /// <example><code>x.LogSumExp([ -1 ], keepDims = true)</code></example>
        member x.LogSumExp(axes: int seq, keepDims: bool) = x.LogSumExp(ReadOnlySpan(Seq.toArray axes), keepDims)

        /// <summary>The variance over the named axes, or over all: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
        /// <example><code>x.Variance(0)</code></example>
        member x.Variance([<ParamArray>] axes: int[]) = x.Variance(ReadOnlySpan axes)

        /// <summary>As above; with <c>keepDims = true</c> the axes stay, of size 1, so that the result broadcasts against <c>x</c>; the divisor is n − correction.</summary>
        /// <example><code>x.Variance([ 0 ], keepDims = true, correction = 1)</code></example>
        member x.Variance(axes: int seq, keepDims: bool, ?correction: int) = x.Variance(ReadOnlySpan(Seq.toArray axes), keepDims, defaultArg correction 0)

        /// <summary>The standard deviation over the named axes, or over all: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
        /// <example><code>x.StandardDeviation(0)</code></example>
        member x.StandardDeviation([<ParamArray>] axes: int[]) = x.StandardDeviation(ReadOnlySpan axes)

        /// <summary>As above; with <c>keepDims = true</c> the axes stay, of size 1, so that the result broadcasts against <c>x</c>; the divisor is n − correction.</summary>
        /// <example><code>x.StandardDeviation([ 0 ], keepDims = true, correction = 1)</code></example>
        member x.StandardDeviation(axes: int seq, keepDims: bool, ?correction: int) = x.StandardDeviation(ReadOnlySpan(Seq.toArray axes), keepDims, defaultArg correction 0)

        /// <summary>Whether all elements are true over the named axes, or over all: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
        /// <example><code>(x .> 0).All()</code></example>
        member x.All([<ParamArray>] axes: int[]) = x.All(ReadOnlySpan axes)

        /// <summary>As above; with <c>keepDims = true</c> the axes stay, of size 1, so that the result broadcasts against <c>x</c>.</summary>
        /// <example><code>(x .> 0).All([ -1 ], keepDims = true)</code></example>
        member x.All(axes: int seq, keepDims: bool) = x.All(ReadOnlySpan(Seq.toArray axes), keepDims)

        /// <summary>Whether any element is true over the named axes, or over all: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
        /// <example><code>(x .> 0).Any(-1)</code></example>
        member x.Any([<ParamArray>] axes: int[]) = x.Any(ReadOnlySpan axes)

        /// <summary>As above; with <c>keepDims = true</c> the axes stay, of size 1, so that the result broadcasts against <c>x</c>.</summary>
        /// <example><code>(x .> 0).Any([ -1 ], keepDims = true)</code></example>
        member x.Any(axes: int seq, keepDims: bool) = x.Any(ReadOnlySpan(Seq.toArray axes), keepDims)
