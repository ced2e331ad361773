/// Every built-in layer, found by itself, against what layers promise.
namespace NativeDL.Properties

open System
open System.Text.Json.Nodes
open NativeDL
open NativeDL.Layers
open Xunit
open NativeDL.Properties.Choices

module private LayerSupport =
    let layers = LayerRegistry.All |> Seq.map (fun spec -> spec.Type, spec) |> dict

    let draw (spec: LayerSpec) (choices: int list) = spec.Sample.Invoke(Draw(ResizeArray choices, MaxElements = 60))

    let bits (x: Tensor) = x.Cast(DType.Float32).ToArray<float32>() |> Array.map BitConverter.SingleToUInt32Bits

    let single (x: Tensor) = if x.DType.IsFloating() then x.Cast(DType.Float32) else x

open LayerSupport

type LayerProperties() =
    static member All = LayerRegistry.All |> Seq.map (fun spec -> [| box spec.Type |]) |> Seq.toArray

    [<Theory; MemberData("All")>]
    member _.``Gradients of input and parameters equal finite differences`` (name: string) =
        let spec = layers[name]
        let mutable proved = spec.PlainGradient
        check name draws (fun choices ->
            let case = draw spec choices
            let report = case.Layer.CheckGradients(case.Input, false)
            if not report.Vacuous then proved <- true
            if report.Passed then None else Some $"{case}: {report}")
        Assert.True(proved, $"{name}: every drawn gradient was mostly zero or constant, so the check proves nothing")

    [<Theory; MemberData("All")>]
    member _.``Gradients in training mode equal finite differences`` (name: string) =
        let spec = layers[name]
        check name draws (fun choices ->
            let case = draw spec choices
            let report = case.Layer.CheckGradients(case.Input, true)
            if report.Passed then None else Some $"{case}: {report}")

    [<Theory; MemberData("All")>]
    member _.``A layer written and read again is the same function`` (name: string) =
        let spec = layers[name]
        check name (max 5 (draws / 3)) (fun choices ->
            let case = draw spec choices
            let x = single case.Input
            let expected = case.Layer.Call x
            let json = JsonNode.Parse(LayerFile.Write(case.Layer, "memory").ToJsonString()) |> nonNull :?> JsonObject
            let copy = LayerFile.Read(json, "memory")
            copy.Call x |> ignore
            Seq.iter2 (fun (target: Parameter) (source: Parameter) -> target.Assign source.Value) copy.Parameters case.Layer.Parameters
            if bits (copy.Call x) = bits expected then None else Some $"{case}: the copy gives another result")

    [<Theory; MemberData("All")>]
    member _.``A row's result does not depend on the rows beside it`` (name: string) =
        let spec = layers[name]
        check name (max 5 (draws / 3)) (fun choices ->
            let case = draw spec choices
            let x = single case.Input
            let whole = case.Layer.Call x
            let rows = [| for i in 0 .. x.Shape[0] - 1 -> case.Layer.Call(x.Narrow(0, i, 1)) |]
            let joined = Tensor.Concat rows
            let far = (whole - joined).Abs().ToDoubles() |> Array.max
            if far <= 1e-5 then None else Some $"{case}: a row alone differs by {far}")

    [<Theory; MemberData("All")>]
    member _.``A frozen layer has no trainable parameter`` (name: string) =
        let spec = layers[name]
        check name 3 (fun choices ->
            let case = draw spec choices
            case.Layer.Trainable <- false
            case.Layer.Call(single case.Input) |> ignore
            if case.Layer.Parameters |> Seq.exists (fun p -> p.Trainable) then Some $"{case}: a parameter is still trainable" else None)
