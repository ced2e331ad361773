/// Derivatives of functions, with numbers known from the rules.
namespace NativeDL.Properties

open NativeDL
open NativeDL.FSharp
open Xunit
open Numbers

type GradientsFace() =
    let cube (x: Tensor) = (x * x * x).Sum()
    let point = Tensor.ofSeq [ 1f; -2f ]

    [<Fact>]
    member _.``grad gives the derivative as a function``() =
        point |> grad (fun x -> (x * x).Sum()) |> same [ 2 ] [ 2; -4 ]
        point |> grad Tensor.exp |> same [ 2 ] [ 2.718282; 0.135335 ]
        point |> grad (fun x -> x[1..] |> Tensor.pow 3.0 |> Tensor.mean []) |> same [ 2 ] [ 0; 12 ]

    [<Fact>]
    member _.``grad of grad is the second derivative``() =
        point |> grad (grad cube) |> same [ 2 ] [ 6; -12 ]
        point |> grad (grad (grad cube)) |> same [ 2 ] [ 6; 6 ]

    [<Fact>]
    member _.``valueAndGrad gives both``() =
        let value, slope = valueAndGrad cube point
        value |> same [] [ -7 ]
        slope |> same [ 2 ] [ 3; 12 ]

    [<Fact>]
    member _.``jacobian gives every derivative of every result``() =
        point |> jacobian (fun x -> x * x) |> same [ 2; 2 ] [ 2; 0; 0; -4 ]
        point |> jacobian (fun x -> [ x[0] * x[1]; x[0] + x[1]; 3.0 * x[1] ] |> Tensor.stack 0) |> same [ 3; 2 ] [ -2; 1; 1; 1; 0; 3 ]

    [<Fact>]
    member _.``hessian gives the second derivatives``() =
        point |> hessian cube |> same [ 2; 2 ] [ 6; 0; 0; -12 ]
        point |> hessian (fun x -> x[0] * x[0] * x[1]) |> same [ 2; 2 ] [ -4; 2; 2; 0 ]

    [<Fact>]
    member _.``The tensor that is handed in stays as it is``() =
        let before = numbers point
        grad cube point |> ignore
        use tape = new GradientTape()
        Assert.Throws<GradientException>(fun () -> tape.Gradient(cube point, point) |> ignore) |> ignore
        Assert.Equal(before, numbers point)

    [<Fact>]
    member _.``gradCheck passes right gradients and finds wrong ones``() =
        let right = gradCheck (fun x -> x |> Tensor.sigmoid |> Tensor.square) (Tensor.linspace -2.0 2.0 9)
        Assert.True(right.Passed, string right)
        Assert.Equal(9, right.Compared)
        let wrong = gradCheck (fun x -> x.Square().CustomGradient(fun dy -> dy * 1.5)) point
        Assert.False(wrong.Passed, string wrong)
