/// The README's operation in F#, line by line, its statements in a function; DocsFace compares the two and runs it.
module internal NativeDL.Properties.ReadmeOperation

open NativeDL
open NativeDL.FSharp

// log Σ eˣ of each row of n; 'T is float32 or float, as the zero is.
let inline logSumExp (rows: Rows) (n: int) (zero: 'T) =
    let x = rows.Operand<'T> 0
    let y = rows.Result<'T> 0
    for r in 0 .. rows.Count - 1 do
        let row = x.Slice(r * n, n)
        let mutable greatest = row[0]
        for v in row do greatest <- max greatest v
        let mutable sum = zero
        for v in row do sum <- sum + exp (v - greatest)
        y[r] <- greatest + log sum

type RowLogSumExp() =
    inherit FloatingOp()

    override _.Saves = Saved.Both

    override _.Infer(x, y) = y.Set(0, x[0].Shape.Slice(0, x[0].Rank - 1), x[0].DType)

    override op.ComputeFloat32(x, y) =
        let n = x[0].Shape[-1]
        op.ByRows(y[0].ElementCount, x, y, fun rows -> logSumExp rows n 0f)

    override op.ComputeFloat64(x, y) =
        let n = x[0].Shape[-1]
        op.ByRows(y[0].ElementCount, x, y, fun rows -> logSumExp rows n 0.0)

    override _.Backward call =
        Tensors.Of(call.Gradient().ExpandDims -1 * (call.Input 0 - call.Output().ExpandDims -1).Exp())

let run () =
    let x = Tensor.ofRows [ [ 0f; 0f; 0f; 0f ]; [ 100f; 100f; 100f; 100f ] ]
    printfn $"{RowLogSumExp().Run x}"                           // [  1.3862944 101.38629  ]
    printfn $"{gradCheck (fun x -> RowLogSumExp().Run x) x}"    // passed: 8 derivatives
