namespace NativeDL.FSharp

open System
open NativeDL

/// <summary>
/// Tensors in pipelines: curried functions with the tensor last, as in <c>x |> Tensor.reshape [ -1; 4 ] |> Tensor.mean [ 0 ]</c>.
/// Shapes and axes are lists, arrays or any other sequence; a tensor's <c>Shape</c> is one too. Everything else is a method of
/// the tensor: <c>x.MatMul w</c>, <c>x.Gather indices</c>, <c>x |> _.Floor()</c>. Numbers of every type stand beside tensors in
/// operators, <c>2 * x + 1.0</c>, and F#'s own functions take tensors: <c>exp x</c>, <c>abs x</c>, <c>x ** 2.0</c>, <c>float (x.Sum())</c>.
/// F#'s <c>=</c> compares objects: per element it is <c>.=</c>, for tests <c>Tensor.allClose</c>.
/// </summary>
[<RequireQualifiedAccess>]
module Tensor =

    // Making

    /// <summary>A vector with a copy of the values, of their element type: <c>[n]</c>.</summary>
    /// <example><code>Tensor.ofArray [| 1f; 2f; 3f |]</code></example>
    let ofArray (values: 'T[]) = Tensor.FromArray values

    /// <summary>A vector of the values of a list or another sequence, of their element type: <c>[n]</c>.</summary>
    /// <example><code>Tensor.ofSeq [ 1f; 2f; 3f ]</code></example>
    let ofSeq (values: 'T seq) = Tensor.FromEnumerable values

    /// <summary>A matrix with a copy of the values, of their element type: <c>[m, n]</c>.</summary>
    /// <example><code>Tensor.ofArray2D (array2D [ [ 1f; 2f ]; [ 3f; 4f ] ])</code></example>
    let ofArray2D (values: 'T[,]) = Tensor.FromArray values

    /// <summary>A matrix of rows of equal length, of their element type: <c>[m, n]</c>.</summary>
    /// <example><code>Tensor.ofRows [ [ 1f; 2f ]; [ 3f; 4f ] ]</code></example>
    let ofRows (rows: #seq<'T> seq) = array2D rows |> ofArray2D

    /// <summary>Zeros, Float32, of the given shape.</summary>
    /// <example><code>Tensor.zeros [ 2; 3 ]</code></example>
    let zeros (shape: int seq) = Tensor.Zeros(Shape.Of(Seq.toArray shape))

    /// <summary>Ones, Float32, of the given shape.</summary>
    /// <example><code>Tensor.ones [ 2; 3 ]</code></example>
    let ones (shape: int seq) = Tensor.Ones(Shape.Of(Seq.toArray shape))

    /// <summary>One number everywhere, Float32, of the given shape.</summary>
    /// <example><code>Tensor.full [ 2; 3 ] 0.5</code></example>
    let full (shape: int seq) (value: float) = Tensor.Full(Shape.Of(Seq.toArray shape), value)

    /// <summary>Zeros of an element type and a shape.</summary>
    /// <example><code>Tensor.zerosOf DType.Float64 [ 2; 3 ]</code></example>
    let zerosOf (dtype: DType) (shape: int seq) = Tensor.Zeros(Shape.Of(Seq.toArray shape), dtype)

    /// <summary>Ones of an element type and a shape.</summary>
    /// <example><code>Tensor.onesOf DType.Float64 [ 2; 3 ]</code></example>
    let onesOf (dtype: DType) (shape: int seq) = Tensor.Ones(Shape.Of(Seq.toArray shape), dtype)

    /// <summary>One number everywhere, of an element type and a shape.</summary>
    /// <example><code>Tensor.fullOf DType.Int32 [ 2; 3 ] 7.0</code></example>
    let fullOf (dtype: DType) (shape: int seq) (value: float) = Tensor.Full(Shape.Of(Seq.toArray shape), value, dtype)

    /// <summary>Numbers drawn from the normal distribution with mean 0 and deviation 1, Float32, of the given shape.</summary>
    /// <example><code>Tensor.randomNormal [ 2; 3 ]</code></example>
    let randomNormal (shape: int seq) = Tensor.RandomNormal(Shape.Of(Seq.toArray shape))

    /// <summary>Numbers drawn evenly from [0, 1), Float32, of the given shape.</summary>
    /// <example><code>Tensor.randomUniform [ 2; 3 ]</code></example>
    let randomUniform (shape: int seq) = Tensor.RandomUniform(Shape.Of(Seq.toArray shape))

    /// <summary>The numbers 0 … count − 1, Int32: <c>[count]</c>.</summary>
    /// <example><code>Tensor.arange 5</code></example>
    let arange (count: int) = Tensor.Arange count

    /// <summary>Numbers at even distances, both ends included, Float32: <c>[count]</c>.</summary>
    /// <example><code>Tensor.linspace -1.0 1.0 5</code></example>
    let linspace (first: float) (last: float) (count: int) = Tensor.Linspace(first, last, count)

    // Reading

    /// <summary>The dimensions as a list, ready for a pattern.</summary>
    /// <example><code>match Tensor.shape x with [ rows; columns ] -> rows * columns | _ -> 0</code></example>
    let shape (x: Tensor) = List.ofSeq x.Shape

    /// <summary>The only element of a tensor of one element, as a float.</summary>
    /// <example><code>loss |> Tensor.item</code></example>
    let item (x: Tensor) = x.Item()

    /// <summary>A copy of the elements in row-major order, as the .NET type of the tensor's element type.</summary>
    /// <example><code>let numbers: float32[] = Tensor.toArray x</code></example>
    let toArray (x: Tensor) : 'T[] = x.ToArray<'T>()

    /// <summary>A copy of the elements of a matrix, rows first, as the .NET type of the tensor's element type.</summary>
    /// <example><code>let rows: float32[,] = Tensor.toArray2D x</code></example>
    let toArray2D (x: Tensor) : 'T[,] = x.ToArray2D<'T>()

    /// <summary>
    /// Whether every element of two tensors is nearly the same: |a − b| ≤ 1e-8 + 1e-5 · |b|. F#'s own <c>=</c> asks whether they are one object.
    /// </summary>
    /// <example><code>Tensor.allClose expected actual</code></example>
    let allClose (a: Tensor) (b: Tensor) : bool = a.AllClose b

    /// <summary>The elements converted to another type; the shape stays.</summary>
    /// <example><code>x |> Tensor.cast DType.Float64</code></example>
    let cast (dtype: DType) (x: Tensor) = x.Cast dtype

    // Each element; what takes only numbers beside the tensor is generated from its methods

    /// <summary>x limited to [−1, 1], element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.hardTanh</code></example>
    let hardTanh (x: Tensor) = x.HardTanh()

    /// <summary>xⁿ, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.pow 3.0</code></example>
    let pow (exponent: float) (x: Tensor) = x.Pow exponent

    // Shapes

    /// <summary>The same elements in another shape; one dimension may be -1 and follows from the others.</summary>
    /// <example><code>x |> Tensor.reshape [ 5; -1 ]</code></example>
    let reshape (shape: int seq) (x: Tensor) = x.Reshape(Seq.toArray shape)

    /// <summary>All elements in one row: <c>[…] -> [n]</c>.</summary>
    /// <example><code>x |> Tensor.flatten</code></example>
    let flatten (x: Tensor) = x.Flatten()

    /// <summary>The slices along an axis, without it: <c>[…a, n, …b] -> n of […a, …b]</c>.</summary>
    /// <example><code>x |> Tensor.unstack 0 |> List.map Tensor.item</code></example>
    let unstack (axis: int) (x: Tensor) : Tensor list = x.Unstack axis |> List.ofArray

    /// <summary>The tensor repeated along axes of size 1 and new outer ones, as operators do it.</summary>
    /// <example><code>x |> Tensor.broadcastTo [ 5; 3 ]</code></example>
    let broadcastTo (shape: int seq) (x: Tensor) = x.BroadcastTo(Shape.Of(Seq.toArray shape))

    /// <summary>The axes in reverse order: <c>[m, n] -> [n, m]</c>.</summary>
    /// <example><code>x |> Tensor.transpose</code></example>
    let transpose (x: Tensor) = x.Transpose()

    /// <summary>The axes in another order: <c>[a, b, c] -> [c, a, b]</c> for [2; 0; 1].</summary>
    /// <example><code>x |> Tensor.permute [ 2; 0; 1 ]</code></example>
    let permute (order: int seq) (x: Tensor) = x.Permute(Seq.toArray order)

    /// <summary>The tensor without the named axes, all of size 1, or without all such axes for []: <c>[1, n, 1] -> [n]</c>.</summary>
    /// <example><code>x |> Tensor.squeeze [ 0 ]</code></example>
    let squeeze (axes: int seq) (x: Tensor) = x.Squeeze(Seq.toArray axes)

    /// <summary>Tensors of one shape along a new axis: k times <c>[m, n] -> [k, m, n]</c> for 0.</summary>
    /// <example><code>[ a; b; c ] |> Tensor.stack 0</code></example>
    let stack (axis: int) (tensors: Tensor seq) = Tensor.Stack(Seq.toArray tensors, axis)

    /// <summary>Tensors one after another along an axis: <c>[m, n], [k, n] -> [m + k, n]</c> for 0.</summary>
    /// <example><code>[ a; b ] |> Tensor.concat 0</code></example>
    let concat (axis: int) (tensors: Tensor seq) = Tensor.Concat(Seq.toArray tensors, axis)

    // Products

    /// <summary>The matrix product a·b, in the order it is written: <c>[…, m, k], […, k, n] -> […, m, n]</c>.</summary>
    /// <remarks>In a pipeline what comes in is the right factor; say <c>x |> _.MatMul(w)</c> for the product x·w.</remarks>
    /// <example><code>Tensor.matmul a b</code></example>
    let matmul (a: Tensor) (b: Tensor) = a.MatMul b
