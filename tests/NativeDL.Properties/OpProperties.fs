/// Every operation of the registry, found by itself, against every property that operations promise.
namespace NativeDL.Properties

open System
open NativeDL
open System.Linq
open Xunit
open NativeDL.Properties.Choices

module internal Support =
    let ops = OpRegistry.All |> Seq.map (fun spec -> spec.Name, spec) |> dict

    /// The operations to check: all, or those named in NATIVEDL_OPS (comma-separated).
    let private asked =
        match Environment.GetEnvironmentVariable "NATIVEDL_OPS" with
        | null | "" -> fun _ -> true
        | text -> (text.Split ',').Contains

    let names (choose: OpSpec -> bool) =
        OpRegistry.All |> Seq.filter (fun spec -> choose spec && asked spec.Name) |> Seq.map (fun spec -> [| box spec.Name |]) |> Seq.toArray

    let draw (spec: OpSpec) size (choices: int list) =
        spec.Sample.Invoke(Draw(ResizeArray choices, MaxElements = size))

    let floating (x: Tensor) = x.DType.IsFloating()

    /// The same case with its floating-point operands at float32.
    let single (case: OpCase) =
        case.Inputs |> Array.map (fun x -> if floating x then x.Cast(DType.Float32) else x)

    let bits (x: Tensor) =
        let x = x.Contiguous()
        match x.DType with
        | DType.Float32 -> x.ToArray<float32>() |> Array.map (BitConverter.SingleToUInt32Bits >> uint64)
        | DType.Float64 -> x.ToArray<double>() |> Array.map BitConverter.DoubleToUInt64Bits
        | _ -> x.Cast(DType.Int64).ToArray<int64>() |> Array.map uint64

    let allBits (tensors: Tensor[]) = tensors |> Array.map bits

    /// The results, and the gradients of a weighted sum of them where there are any.
    let forwardAndBackward (spec: OpSpec) (case: OpCase) (inputs: Tensor[]) weight =
        use tape = new GradientTape()
        if spec.Differentiable then
            for x in inputs do
                if floating x then tape.Watch x |> ignore
        let outputs = case.Run.Invoke inputs
        if not spec.Differentiable then
            outputs, [||]
        else
            let sources = inputs |> Array.filter floating
            let seed = Tensor.Full(outputs[0].Shape, weight, outputs[0].DType, outputs[0].Device)
            outputs, tape.Gradient(outputs[0], sources, seed)

    /// Views that hold the same numbers in another order of memory.
    let relayout kind (x: Tensor) =
        if x.Rank = 0 then x
        else
            match kind with
            | 0 -> x.Transpose().Clone().Transpose()
            | 1 ->
                let padded = x.Pad([| for _ in 1 .. x.Rank -> struct (1, 2) |])
                Seq.fold (fun (part: Tensor) axis -> part.Narrow(axis, 1, x.Shape[axis])) padded (seq { 0 .. x.Rank - 1 })
            | 2 -> x.Flip(0).Clone().Flip(0)
            | _ ->
                // Every other element of a tensor twice as wide.
                let last, size = x.Rank - 1, x.Shape[x.Rank - 1]
                Tensor.Stack([| x; x |], x.Rank).Reshape(x.Shape.With(last, 2 * size)).NarrowStep(last, 0, size, 2)

    let norm (values: double[]) = sqrt (values |> Array.sumBy (fun v -> v * v))

open Support

type OpProperties() =
    static member All = names (fun _ -> true)
    static member Differentiable = names (fun spec -> spec.Differentiable)
    static member TwiceDifferentiable = names (fun spec -> spec.Differentiable && spec.TwiceDifferentiable)
    static member Layouts = names (fun spec -> isNull spec.LayoutMatters)

    [<Theory; MemberData("Differentiable")>]
    member _.``Gradients equal finite differences`` (name: string) =
        let spec = ops[name]
        let mutable proved = spec.PlainGradient
        check name draws (fun choices ->
            let case = draw spec 60 choices
            let report = GradCheck.Run(case.Run, case.Inputs)
            if not report.Vacuous then proved <- true
            if report.Passed then None else Some $"{case}: {report}")
        Assert.True(proved, $"{name}: every drawn gradient was mostly zero or constant, so the check proves nothing")

    [<Theory; MemberData("TwiceDifferentiable")>]
    member _.``Gradients of gradients equal finite differences`` (name: string) =
        let spec = ops[name]
        check name (max 5 (draws / 2)) (fun choices ->
            let case = draw spec 24 choices
            let report = GradCheck.RunSecondOrder(case.Run, case.Inputs)
            if report.Passed then None else Some $"{case}: {report}")

    [<Theory; MemberData("All")>]
    member _.``Float32 agrees with float64`` (name: string) =
        let spec = ops[name]
        check name draws (fun choices ->
            let case = draw spec 400 choices
            let inputs = single case
            let exact = inputs |> Array.map (fun x -> if floating x then x.Cast(DType.Float64) else x)
            let outputs, gradients = forwardAndBackward spec case inputs 1.0
            let exactOutputs, exactGradients = forwardAndBackward spec case exact 1.0
            let scale = inputs |> Array.filter floating |> Array.map (fun x -> x.ToDoubles() |> Array.map abs |> Array.append [| 0.0 |] |> Array.max) |> Array.append [| 0.0 |] |> Array.max
            let allowed = spec.Float32Error * 1.2e-7 * sqrt (max 1.0 (spec.ReductionLength.Invoke case))
            Seq.zip (Seq.append outputs gradients) (Seq.append exactOutputs exactGradients)
            |> Seq.tryPick (fun (a, b) ->
                let a, b = a.ToDoubles(), b.ToDoubles()
                let error = Array.map2 (fun x y -> if x = y || (Double.IsNaN x && Double.IsNaN y) then 0.0 else x - y) a b |> norm
                if error <= allowed * (norm b + scale) then None
                else Some $"{case}: error {error} of norm {norm b}, allowed {allowed * (norm b + scale)}"))

    [<Theory; MemberData("Layouts")>]
    member _.``Strides do not change a bit`` (name: string) =
        let spec = ops[name]
        check name draws (fun choices ->
            let case = draw spec 200 choices
            let inputs = single case
            let expected = case.Run.Invoke inputs |> allBits
            seq { 0 .. 3 }
            |> Seq.tryFind (fun kind -> (case.Run.Invoke(inputs |> Array.map (relayout kind)) |> allBits) <> expected)
            |> Option.map (fun kind -> $"{case}: layout {kind} gives other bits"))

    [<Theory; MemberData("All")>]
    member _.``Threads and repetition do not change a bit`` (name: string) =
        let spec = ops[name]
        let before = Threads.Count
        try
            check name (max 3 (draws / 6)) (fun choices ->
                let case = draw spec 120_000 choices
                let inputs = single case
                let run threads =
                    Threads.Count <- threads
                    let outputs, gradients = forwardAndBackward spec case inputs 0.7
                    allBits outputs, allBits gradients
                let expected = run 1
                [ 1; 2; 3 ] |> List.tryFind (fun threads -> run threads <> expected)
                |> Option.map (fun threads -> $"{case}: other bits with {threads} threads"))
        finally
            Threads.Count <- before

    [<Theory; MemberData("All")>]
    member _.``Operands are never changed`` (name: string) =
        let spec = ops[name]
        check name (max 5 (draws / 3)) (fun choices ->
            let case = draw spec 200 choices
            let before = allBits case.Inputs
            forwardAndBackward spec case case.Inputs 1.0 |> ignore
            if allBits case.Inputs = before then None else Some $"{case}: an operand changed")

    [<Theory; MemberData("All")>]
    member _.``Every element of the result is written`` (name: string) =
        let spec = ops[name]
        let pool = (Device.Cpu :?> CpuDevice).Pool
        check name (max 5 (draws / 3)) (fun choices ->
            let case = draw spec 200 choices
            let inputs = single case
            let run poison =
                pool.Poison <- poison
                try
                    let outputs, gradients = forwardAndBackward spec case inputs 1.0
                    allBits outputs, allBits gradients
                finally
                    pool.Poison <- false
            if run true = run false then None else Some $"{case}: the result depends on what the memory held before")

    [<Theory; MemberData("Differentiable")>]
    member _.``Backward is linear in what arrives`` (name: string) =
        let spec = ops[name]
        check name (max 5 (draws / 3)) (fun choices ->
            let case = draw spec 100 choices
            let _, once = forwardAndBackward spec case case.Inputs 1.0
            let _, twice = forwardAndBackward spec case case.Inputs 2.0
            // Doubling is exact in binary, so the gradients must double to the bit.
            let doubled = once |> Array.map (fun g -> g.ToDoubles() |> Array.map (fun v -> 2.0 * v))
            if twice |> Array.map (fun g -> g.ToDoubles()) = doubled then None else Some $"{case}: twice the cotangent is not twice the gradient")

    [<Theory; MemberData("All")>]
    member _.``Shapes fit the signature`` (name: string) =
        let spec = ops[name]
        check name draws (fun choices ->
            let case = draw spec 200 choices
            let outputs = case.Run.Invoke case.Inputs
            Signature.violation spec.Signature [ for x in case.Inputs -> List.ofSeq x.Shape ] [ for y in outputs -> List.ofSeq y.Shape ]
            |> Option.map (fun reason -> $"{case} does not fit {spec.Signature}: {reason}"))

    [<Theory; MemberData("Differentiable")>]
    member _.``Mixed element types are refused`` (name: string) =
        let spec = ops[name]
        check name 5 (fun choices ->
            let case = draw spec 50 choices
            let positions = [ for i in 0 .. case.Inputs.Length - 1 do if floating case.Inputs[i] then i ]
            if positions.Length < 2 then None
            else
                let mixed = case.Inputs |> Array.mapi (fun i x -> if i = positions[1] then x.Cast(DType.Float32) else x)
                try
                    case.Run.Invoke mixed |> ignore
                    Some $"{case}: operand {positions[1]} at Float32 beside Float64 was accepted"
                with :? DTypeMismatchException -> None)
