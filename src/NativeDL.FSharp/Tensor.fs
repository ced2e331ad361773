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

    /// <summary>Whether every element of two tensors is nearly the same: |a − b| ≤ 1e-8 + 1e-5 · |b|. F#'s own <c>=</c> asks whether they are one object.</summary>
    /// <example><code>Tensor.allClose expected actual</code></example>
    let allClose (a: Tensor) (b: Tensor) : bool = a.AllClose b

    /// <summary>The elements converted to another type; the shape stays.</summary>
    /// <example><code>x |> Tensor.cast DType.Float64</code></example>
    let cast (dtype: DType) (x: Tensor) = x.Cast dtype

    // Each element

    /// <summary>|x|, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.abs</code></example>
    let abs (x: Tensor) = x.Abs()

    /// <summary>eˣ, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.exp</code></example>
    let exp (x: Tensor) = x.Exp()

    /// <summary>The natural logarithm, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.log</code></example>
    let log (x: Tensor) = x.Log()

    /// <summary>√x, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.sqrt</code></example>
    let sqrt (x: Tensor) = x.Sqrt()

    /// <summary>x², element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.square</code></example>
    let square (x: Tensor) = x.Square()

    /// <summary>The sine, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.sin</code></example>
    let sin (x: Tensor) = x.Sin()

    /// <summary>The cosine, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.cos</code></example>
    let cos (x: Tensor) = x.Cos()

    /// <summary>The tangent, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.tan</code></example>
    let tan (x: Tensor) = x.Tan()

    /// <summary>The hyperbolic tangent, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.tanh</code></example>
    let tanh (x: Tensor) = x.Tanh()

    /// <summary>1 / (1 + e⁻ˣ), element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.sigmoid</code></example>
    let sigmoid (x: Tensor) = x.Sigmoid()

    /// <summary>max(x, 0), element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.relu</code></example>
    let relu (x: Tensor) = x.Relu()

    /// <summary>eˣ − 1, exact near 0, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.expm1</code></example>
    let expm1 (x: Tensor) = x.Expm1()

    /// <summary>log(1 + x), exact near 0, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.log1p</code></example>
    let log1p (x: Tensor) = x.Log1p()

    /// <summary>1 / √x, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.rsqrt</code></example>
    let rsqrt (x: Tensor) = x.Rsqrt()

    /// <summary>1 / x, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.reciprocal</code></example>
    let reciprocal (x: Tensor) = x.Reciprocal()

    /// <summary>The hyperbolic sine, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.sinh</code></example>
    let sinh (x: Tensor) = x.Sinh()

    /// <summary>The hyperbolic cosine, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.cosh</code></example>
    let cosh (x: Tensor) = x.Cosh()

    /// <summary>The arc sine, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.asin</code></example>
    let asin (x: Tensor) = x.Asin()

    /// <summary>The arc cosine, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.acos</code></example>
    let acos (x: Tensor) = x.Acos()

    /// <summary>The arc tangent, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.atan</code></example>
    let atan (x: Tensor) = x.Atan()

    /// <summary>The error function, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.erf</code></example>
    let erf (x: Tensor) = x.Erf()

    /// <summary>2ˣ, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.exp2</code></example>
    let exp2 (x: Tensor) = x.Exp2()

    /// <summary>The logarithm to base 2, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.log2</code></example>
    let log2 (x: Tensor) = x.Log2()

    /// <summary>The logarithm to base 10, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.log10</code></example>
    let log10 (x: Tensor) = x.Log10()

    /// <summary>∛x, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.cbrt</code></example>
    let cbrt (x: Tensor) = x.Cbrt()

    /// <summary>The inverse hyperbolic sine, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.asinh</code></example>
    let asinh (x: Tensor) = x.Asinh()

    /// <summary>The inverse hyperbolic cosine, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.acosh</code></example>
    let acosh (x: Tensor) = x.Acosh()

    /// <summary>The inverse hyperbolic tangent, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.atanh</code></example>
    let atanh (x: Tensor) = x.Atanh()

    /// <summary>1 − erf x, with all digits where that is small, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.erfc</code></example>
    let erfc (x: Tensor) = x.Erfc()

    /// <summary>The number whose error function is x, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.erfinv</code></example>
    let erfinv (x: Tensor) = x.Erfinv()

    /// <summary>log|Γ(x)|, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.lgamma</code></example>
    let lgamma (x: Tensor) = x.Lgamma()

    /// <summary>ψ(x), the derivative of log|Γ(x)|, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.digamma</code></example>
    let digamma (x: Tensor) = x.Digamma()

    /// <summary>log(x / (1 − x)), element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.logit</code></example>
    let logit (x: Tensor) = x.Logit()

    /// <summary>sin πx / πx, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.sinc</code></example>
    let sinc (x: Tensor) = x.Sinc()

    /// <summary>−1 below 0, 0 at 0, 1 above, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.sign</code></example>
    let sign (x: Tensor) = x.Sign()

    /// <summary>The largest whole number not above x, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.floor</code></example>
    let floor (x: Tensor) = x.Floor()

    /// <summary>The smallest whole number not below x, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.ceiling</code></example>
    let ceiling (x: Tensor) = x.Ceiling()

    /// <summary>The nearest whole number; halves go to the even one, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.round</code></example>
    let round (x: Tensor) = x.Round()

    /// <summary>x · sigmoid(x), element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.silu</code></example>
    let silu (x: Tensor) = x.Silu()

    /// <summary>log(1 + eˣ), element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.softplus</code></example>
    let softplus (x: Tensor) = x.Softplus()

    /// <summary>x · Φ(x) with the normal distribution's Φ, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.gelu</code></example>
    let gelu (x: Tensor) = x.Gelu()

    /// <summary>x above 0, α · (eˣ − 1) below, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.elu 1.0</code></example>
    let elu (alpha: float) (x: Tensor) = x.Elu alpha

    /// <summary>x above 0, slope · x below, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.leakyRelu 0.2</code></example>
    let leakyRelu (slope: float) (x: Tensor) = x.LeakyRelu slope

    /// <summary>The whole part, cut off towards 0, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.trunc</code></example>
    let trunc (x: Tensor) = x.Trunc()

    /// <summary>What is behind the point, with the sign of x, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.frac</code></example>
    let frac (x: Tensor) = x.Frac()

    /// <summary>min(max(x, 0), 6), element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.relu6</code></example>
    let relu6 (x: Tensor) = x.Relu6()

    /// <summary>x/6 + ½ limited to [0, 1], element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.hardSigmoid</code></example>
    let hardSigmoid (x: Tensor) = x.HardSigmoid()

    /// <summary>x · hardSigmoid(x), element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.hardSilu</code></example>
    let hardSilu (x: Tensor) = x.HardSilu()

    /// <summary>x limited to [−1, 1], element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.hardTanh</code></example>
    let hardTanh (x: Tensor) = x.HardTanh()

    /// <summary>0 up to −1, (x + 1)²/4 up to 1, x from there on, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.sparsePlus</code></example>
    let sparsePlus (x: Tensor) = x.SparsePlus()

    /// <summary>x/2 + ½ limited to [0, 1], element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.sparseSigmoid</code></example>
    let sparseSigmoid (x: Tensor) = x.SparseSigmoid()

    /// <summary>x − tanh x, exact near 0, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.tanhShrink</code></example>
    let tanhShrink (x: Tensor) = x.TanhShrink()

    /// <summary>λ·x above 0, λ·α·(eˣ − 1) below, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.selu</code></example>
    let selu (x: Tensor) = x.Selu()

    /// <summary>x · tanh(log(1 + eˣ)), element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.mish</code></example>
    let mish (x: Tensor) = x.Mish()

    /// <summary>x / (1 + |x|), element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.softsign</code></example>
    let softsign (x: Tensor) = x.Softsign()

    /// <summary>log σ(x), element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.logSigmoid</code></example>
    let logSigmoid (x: Tensor) = x.LogSigmoid()

    /// <summary>0 below 0, 1 from 0 on, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.step</code></example>
    let step (x: Tensor) = x.Step()

    /// <summary>x where |x| is above the threshold, else 0, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.hardShrink 0.5</code></example>
    let hardShrink (threshold: float) (x: Tensor) = x.HardShrink threshold

    /// <summary>x brought nearer to 0 by the threshold, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.softShrink 0.5</code></example>
    let softShrink (threshold: float) (x: Tensor) = x.SoftShrink threshold

    /// <summary>x above 0, α · (e^(x/α) − 1) below, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.celu 1.0</code></example>
    let celu (alpha: float) (x: Tensor) = x.Celu alpha

    /// <summary>(x + √(x² + b)) / 2, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.squareplus 4.0</code></example>
    let squareplus (b: float) (x: Tensor) = x.Squareplus b

    /// <summary>e^(−γ·x²), element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.radialBasis 1.0</code></example>
    let radialBasis (gamma: float) (x: Tensor) = x.RadialBasis gamma

    /// <summary>The first half along an axis times σ of the second: <c>[…, 2n, …] -> […, n, …]</c>.</summary>
    /// <example><code>x |> Tensor.glu -1</code></example>
    let glu (axis: int) (x: Tensor) = x.Glu axis

    /// <summary>The first half along an axis times GELU of the second: <c>[…, 2n, …] -> […, n, …]</c>.</summary>
    /// <example><code>x |> Tensor.geglu -1</code></example>
    let geglu (axis: int) (x: Tensor) = x.Geglu axis

    /// <summary>The first half along an axis times SiLU of the second: <c>[…, 2n, …] -> […, n, …]</c>.</summary>
    /// <example><code>x |> Tensor.swiglu -1</code></example>
    let swiglu (axis: int) (x: Tensor) = x.Swiglu axis

    /// <summary>Each row along an axis over its Euclidean norm: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.normalize -1</code></example>
    let normalize (axis: int) (x: Tensor) = x.Normalize axis

    /// <summary>The mean over all axes between samples and channels: <c>[N, …, C] -> [N, C]</c>.</summary>
    /// <example><code>x |> Tensor.globalAvgPool</code></example>
    let globalAvgPool (x: Tensor) = x.GlobalAvgPool()

    /// <summary>The greatest over all axes between samples and channels: <c>[N, …, C] -> [N, C]</c>.</summary>
    /// <example><code>x |> Tensor.globalMaxPool</code></example>
    let globalMaxPool (x: Tensor) = x.GlobalMaxPool()

    /// <summary>Whether each element is infinite: <c>[…] -> Bool […]</c>.</summary>
    /// <example><code>x |> Tensor.isInf |> Tensor.any []</code></example>
    let isInf (x: Tensor) = x.IsInf()

    /// <summary>Every bit of whole numbers turned over: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.bitwiseNot</code></example>
    let bitwiseNot (x: Tensor) = x.BitwiseNot()

    /// <summary>Whether each element is a number and finite: <c>[…] -> Bool […]</c>.</summary>
    /// <example><code>x |> Tensor.isFinite |> Tensor.all []</code></example>
    let isFinite (x: Tensor) = x.IsFinite()

    /// <summary>Whether each element is no number: <c>[…] -> Bool […]</c>.</summary>
    /// <example><code>x |> Tensor.isNaN |> Tensor.any []</code></example>
    let isNaN (x: Tensor) = x.IsNaN()

    /// <summary>True where x is false: <c>Bool […] -> Bool […]</c>.</summary>
    /// <example><code>x .> 0 |> Tensor.not</code></example>
    let not (x: Tensor) = x.Not()

    /// <summary>The same elements as a constant: no gradient flows back: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.stopGradient</code></example>
    let stopGradient (x: Tensor) = x.StopGradient()

    /// <summary>xⁿ, element by element: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.pow 3.0</code></example>
    let pow (exponent: float) (x: Tensor) = x.Pow exponent

    /// <summary>Each element brought between two limits: <c>[…] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.clip -1.0 1.0</code></example>
    let clip (least: float) (most: float) (x: Tensor) = x.Clip(least, most)

    /// <summary>eˣ / Σ eˣ along an axis, without overflow: <c>[…] -> […]</c>.</summary>
    /// <example><code>logits |> Tensor.softmax -1</code></example>
    let softmax (axis: int) (x: Tensor) = x.Softmax axis

    /// <summary>The nearest probabilities along an axis, most of them exactly 0: <c>[…] -> […]</c>.</summary>
    /// <example><code>logits |> Tensor.sparsemax -1</code></example>
    let sparsemax (axis: int) (x: Tensor) = x.Sparsemax axis

    /// <summary>The logarithm of the softmax along an axis, without overflow: <c>[…] -> […]</c>.</summary>
    /// <example><code>logits |> Tensor.logSoftmax -1</code></example>
    let logSoftmax (axis: int) (x: Tensor) = x.LogSoftmax axis

    // Over axes; [] means all of them

    /// <summary>The sum over the named axes, or over all for []: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
    /// <example><code>x |> Tensor.sum [ 0 ]</code></example>
    let sum (axes: int seq) (x: Tensor) = x.Sum(axes, false)

    /// <summary>The sum over the named axes, or over all for []; the axes stay, of size 1, so that the result broadcasts against x: <c>[…a, n, …b] -> […a, 1, …b]</c>.</summary>
    /// <example><code>x |> Tensor.sumKeep [ 0 ]</code></example>
    let sumKeep (axes: int seq) (x: Tensor) = x.Sum(axes, true)

    /// <summary>The mean over the named axes, or over all for []: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
    /// <example><code>x |> Tensor.mean [ 0 ]</code></example>
    let mean (axes: int seq) (x: Tensor) = x.Mean(axes, false)

    /// <summary>The mean over the named axes, or over all for []; the axes stay, of size 1, so that the result broadcasts against x: <c>[…a, n, …b] -> […a, 1, …b]</c>.</summary>
    /// <example><code>x |> Tensor.meanKeep [ 0 ]</code></example>
    let meanKeep (axes: int seq) (x: Tensor) = x.Mean(axes, true)

    /// <summary>The greatest element over the named axes, or over all for []: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
    /// <example><code>x |> Tensor.max [ 0 ]</code></example>
    let max (axes: int seq) (x: Tensor) = x.Max(axes, false)

    /// <summary>The greatest element over the named axes, or over all for []; the axes stay, of size 1, so that the result broadcasts against x: <c>[…a, n, …b] -> […a, 1, …b]</c>.</summary>
    /// <example><code>x |> Tensor.maxKeep [ 0 ]</code></example>
    let maxKeep (axes: int seq) (x: Tensor) = x.Max(axes, true)

    /// <summary>The least element over the named axes, or over all for []: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
    /// <example><code>x |> Tensor.min [ 0 ]</code></example>
    let min (axes: int seq) (x: Tensor) = x.Min(axes, false)

    /// <summary>The least element over the named axes, or over all for []; the axes stay, of size 1, so that the result broadcasts against x: <c>[…a, n, …b] -> […a, 1, …b]</c>.</summary>
    /// <example><code>x |> Tensor.minKeep [ 0 ]</code></example>
    let minKeep (axes: int seq) (x: Tensor) = x.Min(axes, true)

    /// <summary>The Euclidean norm over the named axes, or over all for []: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
    /// <example><code>x |> Tensor.norm [ 0 ]</code></example>
    let norm (axes: int seq) (x: Tensor) = x.Norm(axes, false)

    /// <summary>The Euclidean norm over the named axes, or over all for []; the axes stay, of size 1, so that the result broadcasts against x: <c>[…a, n, …b] -> […a, 1, …b]</c>.</summary>
    /// <example><code>x |> Tensor.normKeep [ 0 ]</code></example>
    let normKeep (axes: int seq) (x: Tensor) = x.Norm(axes, true)

    /// <summary>log Σ eˣ, without overflow, over the named axes, or over all for []: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
    /// <example><code>x |> Tensor.logSumExp [ 0 ]</code></example>
    let logSumExp (axes: int seq) (x: Tensor) = x.LogSumExp(axes, false)

    /// <summary>log Σ eˣ, without overflow, over the named axes, or over all for []; the axes stay, of size 1, so that the result broadcasts against x: <c>[…a, n, …b] -> […a, 1, …b]</c>.</summary>
    /// <example><code>x |> Tensor.logSumExpKeep [ 0 ]</code></example>
    let logSumExpKeep (axes: int seq) (x: Tensor) = x.LogSumExp(axes, true)

    /// <summary>The variance, with n as divisor, over the named axes, or over all for []: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
    /// <example><code>x |> Tensor.var [ 0 ]</code></example>
    let var (axes: int seq) (x: Tensor) = x.Var(axes, false)

    /// <summary>The variance, with n as divisor, over the named axes, or over all for []; the axes stay, of size 1, so that the result broadcasts against x: <c>[…a, n, …b] -> […a, 1, …b]</c>.</summary>
    /// <example><code>x |> Tensor.varKeep [ 0 ]</code></example>
    let varKeep (axes: int seq) (x: Tensor) = x.Var(axes, true)

    /// <summary>The standard deviation, with n as divisor, over the named axes, or over all for []: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
    /// <example><code>x |> Tensor.std [ 0 ]</code></example>
    let std (axes: int seq) (x: Tensor) = x.Std(axes, false)

    /// <summary>The standard deviation, with n as divisor, over the named axes, or over all for []; the axes stay, of size 1, so that the result broadcasts against x: <c>[…a, n, …b] -> […a, 1, …b]</c>.</summary>
    /// <example><code>x |> Tensor.stdKeep [ 0 ]</code></example>
    let stdKeep (axes: int seq) (x: Tensor) = x.Std(axes, true)

    /// <summary>Whether all elements are true over the named axes, or over all for []: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
    /// <example><code>x |> Tensor.all [ 0 ]</code></example>
    let all (axes: int seq) (x: Tensor) = x.All(axes, false)

    /// <summary>Whether all elements are true over the named axes, or over all for []; the axes stay, of size 1, so that the result broadcasts against x: <c>[…a, n, …b] -> […a, 1, …b]</c>.</summary>
    /// <example><code>x |> Tensor.allKeep [ 0 ]</code></example>
    let allKeep (axes: int seq) (x: Tensor) = x.All(axes, true)

    /// <summary>Whether any element is true over the named axes, or over all for []: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
    /// <example><code>x |> Tensor.any [ 0 ]</code></example>
    let any (axes: int seq) (x: Tensor) = x.Any(axes, false)

    /// <summary>Whether any element is true over the named axes, or over all for []; the axes stay, of size 1, so that the result broadcasts against x: <c>[…a, n, …b] -> […a, 1, …b]</c>.</summary>
    /// <example><code>x |> Tensor.anyKeep [ 0 ]</code></example>
    let anyKeep (axes: int seq) (x: Tensor) = x.Any(axes, true)

    /// <summary>The product over the named axes, or over all for []: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
    /// <example><code>x |> Tensor.prod [ 0 ]</code></example>
    let prod (axes: int seq) (x: Tensor) = x.Prod(axes, false)

    /// <summary>The product over the named axes, or over all for []; the axes stay, of size 1, so that the result broadcasts against x: <c>[…a, n, …b] -> […a, 1, …b]</c>.</summary>
    /// <example><code>x |> Tensor.prodKeep [ 0 ]</code></example>
    let prodKeep (axes: int seq) (x: Tensor) = x.Prod(axes, true)

    /// <summary>The middle element in order over the named axes, or over all for []: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
    /// <example><code>x |> Tensor.median [ 0 ]</code></example>
    let median (axes: int seq) (x: Tensor) = x.Median(axes, false)

    /// <summary>The middle element in order over the named axes, or over all for []; the axes stay, of size 1, so that the result broadcasts against x: <c>[…a, n, …b] -> […a, 1, …b]</c>.</summary>
    /// <example><code>x |> Tensor.medianKeep [ 0 ]</code></example>
    let medianKeep (axes: int seq) (x: Tensor) = x.Median(axes, true)

    /// <summary>How many elements are not 0, Int64, over the named axes, or over all for []: <c>[…a, n, …b] -> Int64 […a, …b]</c>.</summary>
    /// <example><code>x |> Tensor.countNonzero [ 0 ]</code></example>
    let countNonzero (axes: int seq) (x: Tensor) = x.CountNonzero(axes, false)

    /// <summary>How many elements are not 0, Int64, over the named axes, or over all for []; the axes stay, of size 1, so that the result broadcasts against x: <c>[…a, n, …b] -> Int64 […a, 1, …b]</c>.</summary>
    /// <example><code>x |> Tensor.countNonzeroKeep [ 0 ]</code></example>
    let countNonzeroKeep (axes: int seq) (x: Tensor) = x.CountNonzero(axes, true)

    /// <summary>Where along an axis the greatest element stands, the first of equals, Int32: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
    /// <example><code>logits |> Tensor.argmax -1</code></example>
    let argmax (axis: int) (x: Tensor) = x.ArgMax axis

    /// <summary>Where along an axis the least element stands, the first of equals, Int32: <c>[…a, n, …b] -> […a, …b]</c>.</summary>
    /// <example><code>logits |> Tensor.argmin -1</code></example>
    let argmin (axis: int) (x: Tensor) = x.ArgMin axis

    /// <summary>The sum of the elements up to and including each one along an axis: <c>[…, n, …] -> […, n, …]</c>.</summary>
    /// <example><code>x |> Tensor.cumsum -1</code></example>
    let cumsum (axis: int) (x: Tensor) = x.CumSum axis

    /// <summary>The product of the elements up to and including each one along an axis: <c>[…, n, …] -> […, n, …]</c>.</summary>
    /// <example><code>x |> Tensor.cumprod -1</code></example>
    let cumprod (axis: int) (x: Tensor) = x.CumProd axis

    /// <summary>The greatest of the elements up to and including each one along an axis: <c>[…, n, …] -> […, n, …]</c>.</summary>
    /// <example><code>x |> Tensor.cummax -1</code></example>
    let cummax (axis: int) (x: Tensor) = x.CumMax axis

    /// <summary>The least of the elements up to and including each one along an axis: <c>[…, n, …] -> […, n, …]</c>.</summary>
    /// <example><code>x |> Tensor.cummin -1</code></example>
    let cummin (axis: int) (x: Tensor) = x.CumMin axis

    /// <summary>log Σ eˣ of the elements up to and including each one, without overflow, along an axis: <c>[…, n, …] -> […, n, …]</c>.</summary>
    /// <example><code>x |> Tensor.logCumSumExp -1</code></example>
    let logCumSumExp (axis: int) (x: Tensor) = x.LogCumSumExp axis

    /// <summary>The elements in rising order along an axis: <c>[…, n, …] -> […, n, …]</c>.</summary>
    /// <example><code>x |> Tensor.sort -1</code></example>
    let sort (axis: int) (x: Tensor) = x.Sort axis

    /// <summary>The places of the elements in rising order, Int32, along an axis: <c>[…, n, …] -> Int32 […, n, …]</c>.</summary>
    /// <example><code>x |> Tensor.argsort -1</code></example>
    let argsort (axis: int) (x: Tensor) = x.ArgSort axis

    /// <summary>The different elements in rising order: <c>[…] -> [k]</c>.</summary>
    /// <example><code>labels |> Tensor.unique</code></example>
    let unique (x: Tensor) = x.Unique()

    /// <summary>How often each whole number from 0 on comes, Int64: <c>Int […] -> [k]</c>.</summary>
    /// <example><code>labels |> Tensor.bincount</code></example>
    let bincount (x: Tensor) = x.BinCount()

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

    /// <summary>The main diagonal of a matrix, at the end of its other axes: <c>[m, n, …] -> […, k]</c>.</summary>
    /// <example><code>x |> Tensor.diagonal</code></example>
    let diagonal (x: Tensor) = x.Diagonal()

    /// <summary>The sum of the main diagonal: <c>[m, n, …] -> […]</c>.</summary>
    /// <example><code>x |> Tensor.trace</code></example>
    let trace (x: Tensor) = x.Trace()

    /// <summary>A matrix with a vector on its diagonal, or of a matrix the diagonal: <c>[n] -> [n, n]</c>, <c>[m, n] -> [k]</c>.</summary>
    /// <example><code>x |> Tensor.diag</code></example>
    let diag (x: Tensor) = x.Diag()

    /// <summary>The lower triangle of the last two axes, zeros above it: <c>[…, m, n] -> […, m, n]</c>.</summary>
    /// <example><code>x |> Tensor.tril</code></example>
    let tril (x: Tensor) = x.Tril()

    /// <summary>The upper triangle of the last two axes, zeros below it: <c>[…, m, n] -> […, m, n]</c>.</summary>
    /// <example><code>x |> Tensor.triu</code></example>
    let triu (x: Tensor) = x.Triu()

    /// <summary>The axes in another order: <c>[a, b, c] -> [c, a, b]</c> for [2; 0; 1].</summary>
    /// <example><code>x |> Tensor.permute [ 2; 0; 1 ]</code></example>
    let permute (order: int seq) (x: Tensor) = x.Permute(Seq.toArray order)

    /// <summary>The tensor without the named axes, all of size 1, or without all such axes for []: <c>[1, n, 1] -> [n]</c>.</summary>
    /// <example><code>x |> Tensor.squeeze [ 0 ]</code></example>
    let squeeze (axes: int seq) (x: Tensor) = x.Squeeze(Seq.toArray axes)

    /// <summary>The tensor with a new axis of size 1 at this place: <c>[m, n] -> [m, n, 1]</c> for -1.</summary>
    /// <example><code>x |> Tensor.expandDims -1</code></example>
    let expandDims (axis: int) (x: Tensor) = x.ExpandDims axis

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
