/// Every operation of the registry, found by itself, against every property that operations promise.
namespace NativeDL.Properties

open System
open System.Collections.Generic
open NativeDL
open NativeDL.FSharp
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

    /// What arrives at result `index` in a backward pass: unequal numbers of either sign, from ½ to 1 in size and exact in
    /// every floating type. A constant would prove nothing: softmax' gradient under it is 0, whatever the kernel does.
    let cotangent index (y: Tensor) =
        let random = Random(17 + index)
        let values = Array.init (int y.ElementCount) (fun _ -> (0.5 + float (random.Next 64) / 128.0) * (if random.Next 2 = 0 then 1.0 else -1.0))
        Tensor.FromArray(values, y.Shape).Cast(y.DType).To(y.Device)

    /// The results, and the gradients of the floating operands when `arrives` gives each floating result's cotangent, or None
    /// where nothing depends on it.
    let forwardAndBackwardFrom (spec: OpSpec) (case: OpCase) (inputs: Tensor[]) (arrives: int -> Tensor -> Tensor option) =
        use tape = new GradientTape()
        if spec.Differentiable then
            for x in inputs do
                if floating x then tape.Watch x |> ignore
        let outputs = case.Run.Invoke inputs
        if not spec.Differentiable then
            outputs, [||]
        else
            let target =
                outputs
                |> Seq.indexed
                |> Seq.choose (fun (i, y) ->
                    if not (floating y) then None
                    else arrives i y |> Option.map (fun c -> y.CustomGradient(fun _ -> c).Sum().Cast DType.Float64))
                |> Seq.reduce (+)
            outputs, tape.Gradient(target, inputs |> Array.filter floating)

    /// The results, and the gradients when every floating result has its drawn cotangent.
    let forwardAndBackward spec case inputs = forwardAndBackwardFrom spec case inputs (fun i y -> Some(cotangent i y))

    /// Whether a gradient could tell a right kernel from a wrong one: two elements are neither 0 nor equal.
    let tells (gradient: Tensor) = gradient.ToDoubles() |> Seq.filter (fun g -> g <> 0.0) |> Seq.distinct |> Seq.truncate 2 |> Seq.length = 2

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

    let floatingPositions (case: OpCase) = [| for i in 0 .. case.Inputs.Length - 1 do if floating case.Inputs[i] then i |]

    let norm (values: double[]) = sqrt (values |> Array.sumBy (fun v -> v * v))

open Support

type OpProperties() =
    static member All = names (fun _ -> true)
    static member Differentiable = names (fun spec -> spec.Differentiable)
    static member TwiceDifferentiable = names (fun spec -> spec.Differentiable && spec.TwiceDifferentiable)
    static member Layouts = names (fun spec -> isNull spec.LayoutMatters)
    static member SeveralFloating = names (fun spec -> spec.Differentiable && (floatingPositions (draw spec 50 [])).Length > 1)

    [<Theory; MemberData("Differentiable")>]
    member _.``Gradients equal finite differences`` (name: string) =
        let spec = ops[name]
        let mutable compared = 0
        check name draws (fun choices ->
            let case = draw spec 60 choices
            let report = GradCheck.Run(case.Run, case.Inputs)
            compared <- max compared report.Compared
            if report.Passed then None else Some $"{case}: {report}")
        Assert.True(compared > 1, $"{name}: {compared} derivatives were compared")

    /// The other properties of gradients rest on this one: where the drawn cotangents give nothing or a constant, they prove nothing.
    [<Theory; MemberData("Differentiable")>]
    member _.``Every operand and every result has a gradient that tells`` (name: string) =
        let spec = ops[name]
        let flat operand = Seq.contains operand spec.FlatOperands
        let operands, results = Dictionary<int, bool>(), Dictionary<int, bool>()
        let note (table: Dictionary<int, bool>) key told = table[key] <- told || (table.ContainsKey key && table[key])
        check name draws (fun choices ->
            let case = draw spec 60 choices
            let positions = floatingPositions case
            let outputs = case.Run.Invoke case.Inputs
            [ for result in 0 .. outputs.Length - 1 do if floating outputs[result] then result ]
            |> Seq.tryPick (fun result ->
                let _, gradients = forwardAndBackwardFrom spec case case.Inputs (fun i y -> if i = result then Some(cotangent i y) else None)
                note results result (positions |> Array.forall flat)
                Seq.zip positions gradients
                |> Seq.tryPick (fun (operand, gradient) ->
                    let told = tells gradient
                    note operands operand (told || flat operand)
                    note results result told
                    if flat operand && gradient.ToDoubles() |> Array.exists (fun g -> g <> 0.0) then
                        Some $"{case}: operand {operand} is said to be flat and has a gradient"
                    else None)))
        let silent (table: Dictionary<int, bool>) = [ for entry in table do if not entry.Value then entry.Key ]
        Assert.True(results.Count > 0 && operands.Count > 0, $"{name}: nothing floating was drawn")
        Assert.True(List.isEmpty (silent operands), $"{name}: every drawn gradient of the operands %A{silent operands} was zero or constant")
        Assert.True(List.isEmpty (silent results), $"{name}: every drawn gradient through the results %A{silent results} was zero or constant")

    [<Theory; MemberData("TwiceDifferentiable")>]
    member _.``Gradients of gradients equal finite differences`` (name: string) =
        let spec = ops[name]
        let mutable compared = 0
        check name (max 5 (draws / 2)) (fun choices ->
            let case = draw spec 24 choices
            let report = GradCheck.RunSecondOrder(case.Run, case.Inputs)
            compared <- max compared report.Compared
            if report.Passed then None else Some $"{case}: {report}")
        Assert.True(compared > 1, $"{name}: {compared} derivatives were compared")

    [<Theory; MemberData("All")>]
    member _.``Float32 agrees with float64`` (name: string) =
        let spec = ops[name]
        check name draws (fun choices ->
            let case = draw spec 400 choices
            let inputs = single case
            let exact = inputs |> Array.map (fun x -> if floating x then x.Cast(DType.Float64) else x)
            let outputs, gradients = forwardAndBackward spec case inputs
            let exactOutputs, exactGradients = forwardAndBackward spec case exact
            let largest = Array.append [| 0.0 |] >> Array.max
            let scale = inputs |> Array.filter floating |> Array.map (fun x -> x.ToDoubles() |> Array.map abs |> largest) |> largest
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
            let run layout =
                let outputs, gradients = forwardAndBackwardFrom spec case (inputs |> Array.map layout) (fun i y -> Some(layout (cotangent i y)))
                allBits outputs, allBits gradients
            let expected = run id
            seq { 0 .. 3 }
            |> Seq.tryFind (fun kind -> run (relayout kind) <> expected)
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
                    let outputs, gradients = forwardAndBackward spec case inputs
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
            let arrived = List<uint64[] * Tensor>()
            forwardAndBackwardFrom spec case case.Inputs (fun i y ->
                let c = cotangent i y
                arrived.Add((bits c, c))
                Some c)
            |> ignore
            if allBits case.Inputs <> before then Some $"{case}: an operand changed"
            elif arrived |> Seq.exists (fun (before, c) -> bits c <> before) then Some $"{case}: a cotangent changed"
            else None)

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
                    let outputs, gradients = forwardAndBackward spec case inputs
                    allBits outputs, allBits gradients
                finally
                    pool.Poison <- false
            if run true = run false then None else Some $"{case}: the result depends on what the memory held before")

    [<Theory; MemberData("Differentiable")>]
    member _.``Backward is linear in what arrives`` (name: string) =
        let spec = ops[name]
        check name (max 5 (draws / 3)) (fun choices ->
            let case = draw spec 100 choices
            let _, once = forwardAndBackward spec case case.Inputs
            let _, twice = forwardAndBackwardFrom spec case case.Inputs (fun i y -> Some(cotangent i y * 2.0))
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

    [<Theory; MemberData("SeveralFloating")>]
    member _.``Mixed element types are refused`` (name: string) =
        let spec = ops[name]
        let mutable refused = 0
        check name 5 (fun choices ->
            let case = draw spec 50 choices
            floatingPositions case
            |> Seq.tryPick (fun position ->
                let mixed = case.Inputs |> Array.mapi (fun i x -> if i = position then x.Cast(DType.Float32) else x)
                try
                    case.Run.Invoke mixed |> ignore
                    Some $"{case}: operand {position} at Float32 beside Float64 was accepted"
                with :? DTypeMismatchException ->
                    refused <- refused + 1
                    None))
        Assert.True(refused > 1, $"{name}: nothing was refused")
