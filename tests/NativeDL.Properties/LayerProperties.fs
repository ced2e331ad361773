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

    let single (x: Tensor) = if x.DType.IsFloating() then x.Cast(DType.Float32) else x

    /// The same with parameters that come from the choices too, not from the random state that everything else in the process draws from.
    let placed (spec: LayerSpec) (choices: int list) =
        let case = draw spec choices
        case.Layer.Call(single case.Input) |> ignore // makes the parameters
        let d = Draw(ResizeArray(List.rev choices), MaxElements = 60)
        for p in case.Layer.Parameters do
            if p.Trainable then p.Assign(d.Tensor(p.Shape, Domain(-1.0, 1.0)).Cast(p.Value.DType))
        case

    let bits (x: Tensor) = x.Cast(DType.Float32).ToArray<float32>() |> Array.map BitConverter.SingleToUInt32Bits

    /// A layer's configuration as a file has it.
    let text (layer: Layer) = (ConfigurationGraph "memory").Write<Layer>(layer).ToJsonString()

    /// A layer made from that text.
    let again (layer: Layer) = (ConfigurationGraph "memory").Read<Layer>(JsonNode.Parse(text layer) |> nonNull)

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
            let case = placed spec choices
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
            let case = placed spec choices
            let x = single case.Input
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
            let case = placed spec choices
            let report = case.Layer.CheckGradients(case.Input, true)
            if report.Passed then None else Some $"{case}: {report}")

    [<Theory; MemberData("All")>]
    member _.``A layer written and read again is the same function`` (name: string) =
        let spec = layers[name]
        check name (max 5 (draws / 3)) (fun choices ->
            let case = draw spec choices
            let x = single case.Input
            let expected = case.Layer.Call x
            let copy = again case.Layer
            copy.Call x |> ignore
            let names (layer: Layer) = [ for p in layer.Parameters -> p.Name, p.Shape, p.Trainable ]
            if names copy <> names case.Layer then Some $"{case}: the copy has the parameters %A{names copy}"
            else
                Seq.iter2 (fun (target: Parameter) (source: Parameter) -> target.Assign source.Value) copy.Parameters case.Layer.Parameters
                if bits (copy.Call x) <> bits expected then Some $"{case}: the copy gives another result"
                elif text copy <> text case.Layer then Some $"{case}: the copy is written otherwise"
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

    [<Fact>]
    member _.``Random nets of all layers are the same bits and the same configuration out of a file``() =
        let specs = LayerRegistry.All |> Seq.toArray
        let used = HashSet<string>()
        check "net" (max 150 draws) (fun choices ->
            // Nets need more choices than a case has.
            let more = Random(List.fold (fun hash choice -> hash * 31 + choice) 17 choices)
            let d = Draw(ResizeArray [ for _ in 1..4000 -> more.Next 10000 ], MaxElements = 60)
            let net = Sequential "net"
            let start = if d.Flag() then d.Indices(Shape.Of(2, 3), 2).Cast(DType.Float32) else single (d.Tensor(Shape.Of(2, 4, 4, 2), Domain.Real))
            let mutable x = start
            for _ in 1..5 do
                let spec = specs[d.Int(0, specs.Length - 1)]
                let layer = again (spec.Sample.Invoke(d).Layer)
                // What does not fit here is passed over.
                match (try Some(layer.Call x) with :? NativeDLException -> None) with
                | Some y when y.ElementCount > 0L ->
                    net.Add layer
                    used.Add spec.Type |> ignore
                    x <- y
                | _ -> ()
            // An embedding behind a layer of other first values may be asked for a number that it does not have.
            match (try Some(bits (net.Call start)) with :? InvalidInputException -> None) with
            | None -> None
            | Some expected ->
                let path = IO.Path.Combine(IO.Path.GetTempPath(), $"net-{Guid.NewGuid()}.ndl")
                try
                    net.Save path
                    let loaded = Model.Load path
                    if text loaded <> text net then Some $"{text net} came back as {text loaded}"
                    elif bits (loaded.Call start) <> expected then Some $"{text net} gives another result"
                    else None
                finally
                    IO.File.Delete path)
        Assert.Equal<string seq>(specs |> Seq.map (fun s -> s.Type) |> Seq.sort, used |> Seq.sort)
