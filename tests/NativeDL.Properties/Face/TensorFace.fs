/// Tensors as an F# program writes them: making, slicing, computing, pipelines.
namespace NativeDL.Properties

open NativeDL
open NativeDL.FSharp
open Xunit

module private Numbers =
    /// Shape and elements, rounded to six places, whatever the element type.
    let numbers (x: Tensor) =
        Tensor.shape x, x |> Tensor.cast DType.Float64 |> Tensor.toArray |> Array.map (fun (v: float) -> System.Math.Round(v, 6) + 0.0) |> List.ofArray

    let same (shape: int list) (elements: float list) (x: Tensor) = Assert.Equal((shape, elements), numbers x)

    /// [[1 2 3] [4 5 6]]
    let x = Tensor.ofRows [ [ 1f; 2f; 3f ]; [ 4f; 5f; 6f ] ]

    /// The numbers 0 … 119: an element's number tells its place.
    let count (shape: int list) = Tensor.Arange(List.reduce (*) shape) |> Tensor.reshape shape

open Numbers

type TensorFace() =

    [<Fact>]
    member _.``Values keep their element type``() =
        Tensor.ofArray [| 1f; 2f |] |> same [ 2 ] [ 1; 2 ]
        Tensor.ofSeq [ 1; 2; 3 ] |> same [ 3 ] [ 1; 2; 3 ]
        Tensor.ofArray2D (array2D [ [ 1.0; 2.0 ]; [ 3.0; 4.0 ] ]) |> same [ 2; 2 ] [ 1; 2; 3; 4 ]
        x |> same [ 2; 3 ] [ 1; 2; 3; 4; 5; 6 ]
        Assert.Equal<DType list>(
            [ DType.Float32; DType.Int32; DType.Float64; DType.Bool ],
            [ Tensor.ofArray [| 1f |]; Tensor.ofSeq [ 1 ]; Tensor.ofRows [ [| 1.0 |] ]; Tensor.ofSeq [ true ] ] |> List.map _.DType
        )

    [<Fact>]
    member _.``Shapes are lists, arrays or the shape of another tensor``() =
        Tensor.zeros [ 2; 2 ] |> same [ 2; 2 ] [ 0; 0; 0; 0 ]
        Tensor.ones [| 3 |] |> same [ 3 ] [ 1; 1; 1 ]
        Tensor.full x.Shape 0.5 |> same [ 2; 3 ] [ 0.5; 0.5; 0.5; 0.5; 0.5; 0.5 ]
        Tensor.full [] 7.0 |> same [] [ 7 ]
        Tensor.zerosOf DType.Int32 [ 2 ] |> same [ 2 ] [ 0; 0 ]
        Tensor.onesOf DType.Float64 [ 2 ] |> same [ 2 ] [ 1; 1 ]
        Tensor.fullOf DType.Int64 [ 1 ] 7.0 |> same [ 1 ] [ 7 ]
        Assert.Equal<DType list>([ DType.Int32; DType.Float64; DType.Int64 ],
                                 [ Tensor.zerosOf DType.Int32 [ 1 ]; Tensor.onesOf DType.Float64 []; Tensor.fullOf DType.Int64 [] 1.0 ] |> List.map _.DType)
        Assert.Equal<int list list>([ [ 2; 3 ]; [ 4 ] ], [ Tensor.randomNormal [ 2; 3 ]; Tensor.randomUniform [ 4 ] ] |> List.map Tensor.shape)
        Tensor.arange 3 |> same [ 3 ] [ 0; 1; 2 ]
        Tensor.linspace -1.0 1.0 5 |> same [ 5 ] [ -1; -0.5; 0; 0.5; 1 ]
        Tensor.Zeros(Shape.Of(1, 2), DType.Float64) |> same [ 1; 2 ] [ 0; 0 ]
        Shape.Of() |> Tensor.ones |> same [] [ 1 ]

    [<Fact>]
    member _.``A size that waits for data is no number, and no axes are not all axes``() =
        let image = Model.Input(28, 28, 1)
        let refusal = Assert.Throws<ShapeMismatchException>(fun () -> image.Reshape(image.Shape[0] * 2, -1) |> ignore)
        Assert.Contains("dimension 0 is not known. Got [None, 28, 28, 1]", refusal.Message)
        Assert.Equal((Shape.None, 1, [ Shape.None; 28; 28; 1 ]), (image.Shape.Dimension 0, image.Shape[-1], Tensor.shape image))
        let none = Unchecked.defaultof<int[]>
        Assert.Throws<System.ArgumentNullException>(fun () -> x.Sum none |> ignore) |> ignore
        Assert.Throws<System.ArgumentNullException>(fun () -> x.Reshape none |> ignore) |> ignore
        Assert.Throws<System.ArgumentNullException>(fun () -> x.Permute none |> ignore) |> ignore
        x.Sum(0, 1) |> same [] [ 21 ]
        x.Sum [| 0 |] |> same [ 3 ] [ 5; 7; 9 ]
        x.Reshape(3, -1) |> Tensor.shape |> fun s -> Assert.Equal<int list>([ 3; 2 ], s)

    [<Fact>]
    member _.``A shape is matched as a list, one element is a float``() =
        let elements x = match Tensor.shape x with [ rows; columns ] -> rows * columns | _ -> 0
        Assert.Equal(6, elements x)
        Assert.Equal(21.0, x |> Tensor.sum [] |> Tensor.item)
        let integers: int[] = x |> Tensor.cast DType.Int32 |> Tensor.toArray
        Assert.Equal<int[]>([| 1 .. 6 |], integers)

    [<Fact>]
    member _.``A number takes its axis away``() =
        x[0] |> same [ 3 ] [ 1; 2; 3 ]
        x[-1] |> same [ 3 ] [ 4; 5; 6 ]
        x.[1, -2] |> same [] [ 5 ]
        (count [ 2; 3; 4 ])[1, 2, 3] |> same [] [ 23 ]
        (count [ 2; 3; 4; 5 ])[1, -1, -1, 0] |> same [] [ 115 ]
        (count [ 2; 3; 4 ])[1, 0] |> same [ 4 ] [ 12; 13; 14; 15 ]

    [<Fact>]
    member _.``A range keeps its axis and includes both ends``() =
        let v = count [ 6 ]
        v[1..3] |> same [ 3 ] [ 1; 2; 3 ]
        v.[4..] |> same [ 2 ] [ 4; 5 ]
        v[..1] |> same [ 2 ] [ 0; 1 ]
        v[-2..] |> same [ 2 ] [ 4; 5 ]
        v[.. -2] |> same [ 5 ] [ 0; 1; 2; 3; 4 ]
        v[-3 .. -2] |> same [ 2 ] [ 3; 4 ]
        v[2..1] |> same [ 0 ] []
        x[*, 1..] |> same [ 2; 2 ] [ 2; 3; 5; 6 ]
        x[*, 0] |> same [ 2 ] [ 1; 4 ]
        x[1, ..1] |> same [ 2 ] [ 4; 5 ]
        Assert.Throws<ShapeMismatchException>(fun () -> v[3..6] |> ignore) |> ignore
        Assert.Throws<ShapeMismatchException>(fun () -> v[0, 0] |> ignore) |> ignore

    [<Fact>]
    member _.``Three places mix numbers and ranges``() =
        let t = count [ 2; 3; 4 ]
        t[0..0, 1..2, 3..] |> same [ 1; 2; 1 ] [ 7; 11 ]
        t[*, 1..2, 3] |> same [ 2; 2 ] [ 7; 11; 19; 23 ]
        t[*, 1, 2..] |> same [ 2; 2 ] [ 6; 7; 18; 19 ]
        t[1, ..0, 2..] |> same [ 1; 2 ] [ 14; 15 ]
        t[*, 0, 0] |> same [ 2 ] [ 0; 12 ]
        t[1, *, 0] |> same [ 3 ] [ 12; 16; 20 ]
        t[1, 2, 1..2] |> same [ 2 ] [ 21; 22 ]

    [<Fact>]
    member _.``Four places mix numbers and ranges``() =
        let t = count [ 2; 3; 4; 5 ]
        let at a b c d = float (a * 60 + b * 20 + c * 5 + d)
        t[1.., 2.., 3.., 4..] |> same [ 1; 1; 1; 1 ] [ at 1 2 3 4 ]
        t[1.., 2.., 3.., 4] |> same [ 1; 1; 1 ] [ at 1 2 3 4 ]
        t[1.., 2.., 3, 3..] |> same [ 1; 1; 2 ] [ at 1 2 3 3; at 1 2 3 4 ]
        t[1.., 2, 2.., 4..] |> same [ 1; 2; 1 ] [ at 1 2 2 4; at 1 2 3 4 ]
        t[1, 1.., 3.., 4..] |> same [ 2; 1; 1 ] [ at 1 1 3 4; at 1 2 3 4 ]
        t[*, 2.., 3, 4] |> same [ 2; 1 ] [ at 0 2 3 4; at 1 2 3 4 ]
        t[*, 2, 3.., 4] |> same [ 2; 1 ] [ at 0 2 3 4; at 1 2 3 4 ]
        t[*, 2, 3, 4..] |> same [ 2; 1 ] [ at 0 2 3 4; at 1 2 3 4 ]
        t[1, 1.., 3.., 4] |> same [ 2; 1 ] [ at 1 1 3 4; at 1 2 3 4 ]
        t[1, 1.., 3, 4..] |> same [ 2; 1 ] [ at 1 1 3 4; at 1 2 3 4 ]
        t[1, 2, 2.., 4..] |> same [ 2; 1 ] [ at 1 2 2 4; at 1 2 3 4 ]
        t[*, 2, 3, 4] |> same [ 2 ] [ at 0 2 3 4; at 1 2 3 4 ]
        t[1, 1.., 3, 4] |> same [ 2 ] [ at 1 1 3 4; at 1 2 3 4 ]
        t[1, 2, 2.., 4] |> same [ 2 ] [ at 1 2 2 4; at 1 2 3 4 ]
        t[1, 2, 3, 3..] |> same [ 2 ] [ at 1 2 3 3; at 1 2 3 4 ]

    [<Fact>]
    member _.``Reductions are methods with any number of axes``() =
        x.Sum() |> same [] [ 21 ]
        x.Sum(0) |> same [ 3 ] [ 5; 7; 9 ]
        x.Sum(0, 1) |> same [] [ 21 ]
        x.Sum([ 1 ], keepDims = true) |> same [ 2; 1 ] [ 6; 15 ]
        x.Sum(-1, keepDims = true) |> same [ 2; 1 ] [ 6; 15 ]
        x.Sum((0, 1), keepDims = true) |> same [ 1; 1 ] [ 21 ]
        x.Sum [| 0; 1 |] |> same [] [ 21 ]
        x.Sum(keepDims = true) |> same [ 1; 1 ] [ 21 ]
        x.Mean() |> same [] [ 3.5 ]
        x.Mean(0) |> same [ 3 ] [ 2.5; 3.5; 4.5 ]
        x.Mean([| -1 |], keepDims = true) |> same [ 2; 1 ] [ 2; 5 ]
        x.Max() |> same [] [ 6 ]
        x.Max([ 0 ], keepDims = true) |> same [ 1; 3 ] [ 4; 5; 6 ]
        x.Min(1) |> same [ 2 ] [ 1; 4 ]
        x.Min([ 0; 1 ], keepDims = true) |> same [ 1; 1 ] [ 1 ]
        x[*, ..1].Norm() |> same [] [ 6.78233 ]
        x.Norm([ 0 ], keepDims = true)[0, 0] |> same [] [ 4.123106 ]
        x.LogSumExp(1) |> same [ 2 ] [ 3.407606; 6.407606 ]
        x.LogSumExp([ 1 ], keepDims = true) |> same [ 2; 1 ] [ 3.407606; 6.407606 ]
        x.Var(0) |> same [ 3 ] [ 2.25; 2.25; 2.25 ]
        x.Var([ 0 ], keepDims = true, correction = 1) |> same [ 1; 3 ] [ 4.5; 4.5; 4.5 ]
        x.Std(0) |> same [ 3 ] [ 1.5; 1.5; 1.5 ]
        x.Std([ 0 ], keepDims = false) |> same [ 3 ] [ 1.5; 1.5; 1.5 ]
        (x .> 1).All() |> same [] [ 0 ]
        (x .> 1).All([ 1 ], keepDims = true) |> same [ 2; 1 ] [ 0; 1 ]
        (x .> 5).Any(-1) |> same [ 2 ] [ 0; 1 ]
        (x .> 5).Any([ 0 ], keepDims = true) |> same [ 1; 3 ] [ 0; 0; 1 ]

    [<Fact>]
    member _.``Shapes change by methods with numbers``() =
        x.Reshape(3, 2)[2] |> same [ 2 ] [ 5; 6 ]
        x.Reshape(6, 1) |> same [ 6; 1 ] [ 1; 2; 3; 4; 5; 6 ]
        (count [ 2; 3; 4 ]).Permute(2, 0, 1)[1] |> same [ 2; 3 ] [ 1; 5; 9; 13; 17; 21 ]
        x.ExpandDims(0).Squeeze() |> same [ 2; 3 ] [ 1; 2; 3; 4; 5; 6 ]
        x.ExpandDims(-1).Squeeze(-1) |> same [ 2; 3 ] [ 1; 2; 3; 4; 5; 6 ]

    [<Fact>]
    member _.``Pipelines reduce over lists of axes``() =
        x |> Tensor.sum [ 0 ] |> same [ 3 ] [ 5; 7; 9 ]
        x |> Tensor.sum [] |> same [] [ 21 ]
        x |> Tensor.mean [ 0; 1 ] |> same [] [ 3.5 ]
        x |> Tensor.max [ 1 ] |> same [ 2 ] [ 3; 6 ]
        x |> Tensor.sumKeep [ 0 ] |> same [ 1; 3 ] [ 5; 7; 9 ]
        x |> Tensor.meanKeep [] |> same [ 1; 1 ] [ 3.5 ]
        x - (x |> Tensor.maxKeep [ -1 ]) |> same [ 2; 3 ] [ -2; -1; 0; -2; -1; 0 ]
        x |> Tensor.min [ -1 ] |> same [ 2 ] [ 1; 4 ]
        Tensor.ofSeq [ 3f; 4f ] |> Tensor.norm [] |> same [] [ 5 ]
        x |> Tensor.logSumExp [ 1 ] |> same [ 2 ] [ 3.407606; 6.407606 ]
        x |> Tensor.var [ 0 ] |> same [ 3 ] [ 2.25; 2.25; 2.25 ]
        x |> Tensor.std [ 0 ] |> same [ 3 ] [ 1.5; 1.5; 1.5 ]
        x .> 1 |> Tensor.all [] |> same [] [ 0 ]
        x .> 5 |> Tensor.any [ 1 ] |> same [ 2 ] [ 0; 1 ]
        x |> Tensor.argmax 1 |> same [ 2 ] [ 2; 2 ]
        x |> Tensor.argmin 0 |> same [ 3 ] [ 0; 0; 0 ]
        [ x; x ] |> List.map (Tensor.sum [ 0; 1 ]) |> Tensor.stack 0 |> same [ 2 ] [ 21; 21 ]

    [<Fact>]
    member _.``Pipelines change shapes``() =
        x |> Tensor.reshape [ 3; -1 ] |> same [ 3; 2 ] [ 1; 2; 3; 4; 5; 6 ]
        x |> Tensor.transpose |> same [ 3; 2 ] [ 1; 4; 2; 5; 3; 6 ]
        x |> Tensor.permute [ 1; 0 ] |> same [ 3; 2 ] [ 1; 4; 2; 5; 3; 6 ]
        x |> Tensor.expandDims -1 |> Tensor.squeeze [ 2 ] |> same [ 2; 3 ] [ 1; 2; 3; 4; 5; 6 ]
        x[0..0] |> Tensor.squeeze [] |> same [ 3 ] [ 1; 2; 3 ]
        [ x[0]; x[1] ] |> Tensor.stack 1 |> same [ 3; 2 ] [ 1; 4; 2; 5; 3; 6 ]
        [ x; x[..0] ] |> Tensor.concat 0 |> same [ 3; 3 ] [ 1; 2; 3; 4; 5; 6; 1; 2; 3 ]

    [<Fact>]
    member _.``Maths works on each element``() =
        let v = Tensor.ofSeq [ -1.0; 0.25 ]
        v |> Tensor.abs |> same [ 2 ] [ 1; 0.25 ]
        v |> Tensor.exp |> same [ 2 ] [ 0.367879; 1.284025 ]
        v |> Tensor.abs |> Tensor.log |> same [ 2 ] [ 0; -1.386294 ]
        v |> Tensor.abs |> Tensor.sqrt |> same [ 2 ] [ 1; 0.5 ]
        v |> Tensor.square |> same [ 2 ] [ 1; 0.0625 ]
        v |> Tensor.pow 3.0 |> same [ 2 ] [ -1; 0.015625 ]
        v |> Tensor.sin |> same [ 2 ] [ -0.841471; 0.247404 ]
        v |> Tensor.cos |> same [ 2 ] [ 0.540302; 0.968912 ]
        v |> Tensor.tan |> same [ 2 ] [ -1.557408; 0.255342 ]
        v |> Tensor.tanh |> same [ 2 ] [ -0.761594; 0.244919 ]
        v |> Tensor.sigmoid |> same [ 2 ] [ 0.268941; 0.562177 ]
        v |> Tensor.relu |> same [ 2 ] [ 0; 0.25 ]
        v |> Tensor.clip -0.5 0.125 |> same [ 2 ] [ -0.5; 0.125 ]
        v |> Tensor.softmax -1 |> same [ 2 ] [ 0.2227; 0.7773 ]
        v |> Tensor.logSoftmax 0 |> same [ 2 ] [ -1.501929; -0.251929 ]
        v |> _.Floor() |> same [ 2 ] [ -1; 0 ]

    [<Fact>]
    member _.``Operators take tensors and floats``() =
        2.0 * x[0] + 1.0 |> same [ 3 ] [ 3; 5; 7 ]
        2 * x[0] + 1 |> same [ 3 ] [ 3; 5; 7 ]
        2f * x[0] + 1f |> same [ 3 ] [ 3; 5; 7 ]
        x[0] ** 2.0 |> same [ 3 ] [ 1; 4; 9 ]
        exp x[0] - x[0].Exp() |> same [ 3 ] [ 0; 0; 0 ]
        sqrt (abs -x[1]) |> same [ 3 ] [ 2; 2.236068; 2.44949 ]
        Assert.Equal((21.0, 21f, 21), (float (x.Sum()), float32 (x.Sum()), int (x.Sum())))
        1.0 - x[0] / 2.0 |> same [ 3 ] [ 0.5; 0; -0.5 ]
        -x[0] * x[1] |> same [ 3 ] [ -4; -10; -18 ]
        x / x.Sum([ 1 ], keepDims = true) |> Tensor.sum [ 1 ] |> same [ 2 ] [ 1; 1 ]

    [<Fact>]
    member _.``Comparisons take tensors and numbers``() =
        let a, b = Tensor.ofSeq [ 1f; 2f; 3f ], Tensor.ofSeq [ 3f; 2f; 1f ]
        a .= b |> same [ 3 ] [ 0; 1; 0 ]
        a .<> b |> same [ 3 ] [ 1; 0; 1 ]
        a .< b |> same [ 3 ] [ 1; 0; 0 ]
        a .<= b |> same [ 3 ] [ 1; 1; 0 ]
        a .> b |> same [ 3 ] [ 0; 0; 1 ]
        a .>= b |> same [ 3 ] [ 0; 1; 1 ]
        a .> 1.5 |> same [ 3 ] [ 0; 1; 1 ]
        a .>= 2f |> same [ 3 ] [ 0; 1; 1 ]
        a + 1.0 .= 2 |> same [ 3 ] [ 1; 0; 0 ]
        Tensor.arange 3 .< 2 |> same [ 3 ] [ 1; 1; 0 ]
        Tensor.Where(a .> 2, a, -0.5 * a) |> same [ 3 ] [ -0.5; -1; 3 ]

    [<Fact>]
    member _.``Products keep the order they are written in``() =
        let a, b = x, Tensor.ofRows [ [ 1f ]; [ 0f ]; [ 2f ] ]
        Tensor.matmul a b |> same [ 2; 1 ] [ 7; 16 ]
        a |> _.MatMul(b) |> same [ 2; 1 ] [ 7; 16 ]
        a.MatMul b + 1.0 |> same [ 2; 1 ] [ 8; 17 ]
