/// Every built-in layer, found by itself, against what layers promise.
namespace NativeDL.Properties

open System
open System.Collections.Generic
open System.Text.Json.Nodes
open NativeDL
open NativeDL.FSharp
open NativeDL.Layers
open Xunit
open NativeDL.Properties.Choices
open NativeDL.Properties.Support

module private LayerSupport =
    let layers = LayerRegistry.All |> Seq.map (fun spec -> spec.Type, spec) |> dict

    let draw (spec: LayerSpec) (choices: int list) = spec.Sample.Invoke(Draw(ResizeArray choices, MaxElements = 60))

    let bits (x: Tensor) = x.Cast(DType.Float32).ToArray<float32>() |> Array.map BitConverter.SingleToUInt32Bits

    let single (x: Tensor) = if x.DType.IsFloating() then x.Cast(DType.Float32) else x

    /// Whether the layer has something to train.
    let learns (case: LayerCase) =
        case.Layer.Call(single case.Input) |> ignore
        case.Layer.Parameters |> Seq.exists (fun p -> p.Trainable)

open LayerSupport

type LayerProperties() =
    static member All = LayerRegistry.All |> Seq.map (fun spec -> [| box spec.Type |]) |> Seq.toArray
    static member Trained = LayerRegistry.All |> Seq.filter (fun spec -> learns (draw spec [])) |> Seq.map (fun spec -> [| box spec.Type |]) |> Seq.toArray

    [<Theory; MemberData("All")>]
    member _.``Gradients of input and parameters equal finite differences`` (name: string) =
        let spec = layers[name]
        let mutable compared = 0
        check name draws (fun choices ->
            let case = draw spec choices
            let report = case.Layer.CheckGradients(case.Input, false)
            compared <- max compared report.Compared
            if report.Passed then None else Some $"{case}: {report}")
        Assert.True(compared > 1, $"{name}: {compared} derivatives were compared")

    // The finite differences weight unequally too, but a gradient that is 0 or constant in every case they compare proves nothing.
    [<Theory; MemberData("All")>]
    member _.``Input and parameters have gradients that tell`` (name: string) =
        let spec = layers[name]
        let told = Dictionary<string, bool>()
        let note source gradient = told[source] <- tells gradient || (told.ContainsKey source && told[source])
        check name draws (fun choices ->
            let case = draw spec choices
            let x = single case.Input
            case.Layer.Call x |> ignore // makes the parameters
            for training in [ false; true ] do
                use tape = new GradientTape(persistent = true)
                if floating x then tape.Watch x |> ignore
                let y = case.Layer.Call(x, training)
                let target = y.CustomGradient(fun _ -> cotangent 0 y).Sum()
                let mode = if training then "in training" else "in use"
                if floating x then note $"the input {mode}" (tape.Gradient(target, x))
                let trained = case.Layer.Parameters |> Seq.filter (fun p -> p.Trainable) |> Seq.toArray
                if trained.Length > 0 then
                    Seq.iter2 (fun (p: Parameter) g -> note $"{Seq.last (p.Name.Split '/')} {mode}" g) trained (tape.Gradient(target, trained))
            None)
        Assert.NotEmpty told
        let silent = [ for entry in told do if not entry.Value then entry.Key ]
        Assert.True(List.isEmpty silent, $"{name}: every drawn gradient of %A{silent} was zero or constant")

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
            let names (layer: Layer) = [ for p in layer.Parameters -> p.Name, p.Shape, p.Trainable ]
            if names copy <> names case.Layer then Some $"{case}: the copy has the parameters %A{names copy}"
            else
                Seq.iter2 (fun (target: Parameter) (source: Parameter) -> target.Assign source.Value) copy.Parameters case.Layer.Parameters
                if bits (copy.Call x) <> bits expected then Some $"{case}: the copy gives another result"
                elif LayerFile.Write(copy, "memory").ToJsonString() <> json.ToJsonString() then Some $"{case}: the copy is written otherwise"
                else None)

    [<Theory; MemberData("All")>]
    member _.``A row's result does not depend on the rows beside it`` (name: string) =
        let spec = layers[name]
        let mutable several = 0
        check name (max 5 (draws / 3)) (fun choices ->
            let case = draw spec choices
            let x = single case.Input
            if x.Shape[0] > 1 then several <- several + 1
            let whole = case.Layer.Call x
            let rows = [| for i in 0 .. x.Shape[0] - 1 -> case.Layer.Call(x.Narrow(0, i, 1)) |]
            let joined = Tensor.Concat rows
            let far = (whole - joined).Abs().ToDoubles() |> Array.max
            if far <= 1e-5 then None else Some $"{case}: a row alone differs by {far}")
        Assert.True(several > 1, $"{name}: {several} of the inputs had more than one row")

    [<Theory; MemberData("Trained")>]
    member _.``A frozen layer has no trainable parameter`` (name: string) =
        let spec = layers[name]
        check name 3 (fun choices ->
            let before, after = draw spec choices, draw spec choices
            let parameters (case: LayerCase) = case.Layer.Call(single case.Input) |> ignore; case.Layer.Parameters
            before.Layer.Trainable <- false
            if Seq.isEmpty (parameters before) then Some $"{before}: there is no parameter"
            elif parameters before |> Seq.exists (fun p -> p.Trainable) then Some $"{before}: a parameter is still trainable"
            elif parameters after |> Seq.forall (fun p -> not p.Trainable) then Some $"{after}: nothing is trainable without freezing"
            else
                after.Layer.Trainable <- false
                if after.Layer.Parameters |> Seq.exists (fun p -> p.Trainable) then Some $"{after}: a parameter is still trainable" else None)
