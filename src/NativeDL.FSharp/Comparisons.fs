namespace NativeDL.FSharp

open NativeDL

/// <summary>What may stand on the right of a comparison: a tensor, or a number, which takes the left side's element type and device.</summary>
[<AbstractClass; Sealed>]
type Operand =

    /// <summary>The tensor itself.</summary>
    static member Of(_: Tensor, right: Tensor) = right

    /// <summary>The number as a scalar.</summary>
    static member Of(left: Tensor, right: float) = Tensor.Scalar(right, left.DType, left.Device)

    /// <summary>The number as a scalar.</summary>
    static member Of(left: Tensor, right: float32) = Operand.Of(left, float right)

    /// <summary>The number as a scalar.</summary>
    static member Of(left: Tensor, right: int) = Operand.Of(left, float right)

/// <summary>
/// Comparisons element by element: <c>x .> 0</c>, <c>x .= y</c>. The right side is a tensor, which broadcasts, or a number;
/// the result is Bool. F#'s own comparisons are for whole values, with one <c>bool</c> as result.
/// </summary>
[<AutoOpen>]
module Comparisons =

    /// <summary>Where the left is equal: <c>[…a], […b] -> Bool […a∨b]</c>.</summary>
    /// <example><code>x .= 0.5</code></example>
    let inline (.=) (left: Tensor) (right: ^right) : Tensor =
        left.Equal((^right or Operand): (static member Of: Tensor * ^right -> Tensor) (left, right))

    /// <summary>Where the left is different: <c>[…a], […b] -> Bool […a∨b]</c>.</summary>
    /// <example><code>x .&lt;&gt; 0.5</code></example>
    let inline (.<>) (left: Tensor) (right: ^right) : Tensor =
        left.NotEqual((^right or Operand): (static member Of: Tensor * ^right -> Tensor) (left, right))

    /// <summary>Where the left is less: <c>[…a], […b] -> Bool […a∨b]</c>.</summary>
    /// <example><code>x .&lt; 0.5</code></example>
    let inline (.<) (left: Tensor) (right: ^right) : Tensor =
        left.Less((^right or Operand): (static member Of: Tensor * ^right -> Tensor) (left, right))

    /// <summary>Where the left is less or equal: <c>[…a], […b] -> Bool […a∨b]</c>.</summary>
    /// <example><code>x .&lt;= 0.5</code></example>
    let inline (.<=) (left: Tensor) (right: ^right) : Tensor =
        left.LessEqual((^right or Operand): (static member Of: Tensor * ^right -> Tensor) (left, right))

    /// <summary>Where the left is greater: <c>[…a], […b] -> Bool […a∨b]</c>.</summary>
    /// <example><code>x .> 0.5</code></example>
    let inline (.>) (left: Tensor) (right: ^right) : Tensor =
        left.Greater((^right or Operand): (static member Of: Tensor * ^right -> Tensor) (left, right))

    /// <summary>Where the left is greater or equal: <c>[…a], […b] -> Bool […a∨b]</c>.</summary>
    /// <example><code>x .>= 0.5</code></example>
    let inline (.>=) (left: Tensor) (right: ^right) : Tensor =
        left.GreaterEqual((^right or Operand): (static member Of: Tensor * ^right -> Tensor) (left, right))
