/// Every operation says the shapes and element types of its results before it computes, from those of its operands alone.
namespace NativeDL.Properties

open System
open System.Collections.Generic
open System.Text.Json.Nodes
open NativeDL
open Xunit
open NativeDL.Properties.Choices
open NativeDL.Properties.Support

module internal Inference =
    /// Operands without data.
    let symbols (inputs: Tensor[]) = inputs |> Array.map (fun x -> Tensor.Symbolic(x.Shape, x.DType))

    let say (tensors: Tensor[]) = tensors |> Array.map (fun y -> $"{y.DType} {y.Shape}") |> String.concat ", "

    /// What inference says, or the house's error.
    let infer (case: OpCase) (inputs: Tensor[]) =
        try
            Ok(case.Run.Invoke inputs)
        with
        | :? ShapeMismatchException
        | :? InvalidInputException as refusal -> Result.Error refusal.Message

    let withDims (x: Tensor) (dims: int[]) = Tensor.Symbolic(Shape.Of dims, x.DType)

    /// Every size of the case becomes another one, equal sizes the same, so that what must agree still does; None where that
    /// is no shape.
    let resize (case: OpCase) (map: int -> int) =
        let dims = case.Inputs |> Array.map (fun x -> x.Shape |> Seq.map map |> Seq.toArray)
        if dims |> Array.forall Shape.IsPossible then Some(Array.map2 withDims case.Inputs dims) else None

    /// Whether a dimension grows from a quarter of the size to half of it and to all of it as dimensions do: by sums and
    /// products. What has wrapped around does neither.
    let grows (quarter: int) (half: int) (whole: int) =
        let a, b, c = float quarter, float half, float whole
        let near x y = abs (x - y) <= 0.01 * abs y + 4.0
        near (c - b) (2.0 * (b - a)) || near (c * a) (b * b)

    let memory () =
        let stats = Device.Cpu.MemoryStats()
        stats.LiveBytes, stats.SystemAllocations

    /// A constant that a call brings along, such as the 0 of x > 0, may take a new slab of small buffers.
    let private slab = 65536L

    /// Runs and tells whether memory was taken. Bytes may come back meanwhile, from what the collector finds.
    let without (what: string) (body: unit -> string option) =
        let liveBefore, allocationsBefore = memory ()
        let found = body ()
        let live, allocations = memory ()
        match found with
        | None when live > liveBefore + slab || allocations > allocationsBefore + 1L -> Some $"{what}: {live - liveBefore} bytes in {allocations - allocationsBefore} allocations were taken"
        | _ -> found

open Inference

module private Files =
    /// Whether no file can tell the operation of a symbol: what draws numbers, and what is a function of the program.
    let untold (y: Tensor) =
        match (y.Symbol |> nonNull).From with
        | :? OpNode as node -> not (isNull node.Op.WhyNotInFiles)
        | _ -> false   // an operand, where there was nothing to do

    /// The operation out of a file.
    let again (op: Op) =
        let struct (name, attributes) = OpFile.Write op
        OpFile.Read(name, (JsonNode.Parse(attributes.ToJsonString()) |> nonNull).AsObject())

    /// The calls that lead to a symbol, on the operands in place of the symbols they stand for, each operation out of a file.
    let replay (symbols: Tensor[]) (operands: Tensor[]) =
        let known = Dictionary<Tensor, Tensor>(HashIdentity.Reference)
        Array.iter2 (fun s x -> known[s] <- x) symbols operands
        let rec value (t: Tensor) =
            match known.TryGetValue t with
            | true, x -> x
            | _ when not t.IsSymbolic -> t
            | _ ->
                let node = ((t.Symbol |> nonNull).From |> nonNull) :?> OpNode
                let inputs = node.Inputs |> Seq.map value |> Seq.toArray
                let op = again node.Op |> nonNull
                if op.ToString() <> node.Op.ToString() then failwith $"{node.Op} came back as {op}"
                Seq.iter2 (fun s x -> known[s] <- x) node.Outputs (op.RunMany inputs)
                known[t]
        value

open Files

/// Beside nothing else, because it watches the memory of the process.
[<Collection "alone">]
type InferenceProperties() =
    static member All = names (fun _ -> true)

    [<Theory; MemberData("All")>]
    member _.``Inference says what computation gives and takes no memory`` (name: string) =
        let spec = ops[name]
        check name draws (fun choices ->
            // Large enough for operands and results to be noticed.
            let case = draw spec 120_000 choices
            let computed = say (case.Run.Invoke case.Inputs)
            let misfit (operands: Tensor[]) =
                let inferred = case.Run.Invoke operands
                if inferred |> Array.exists (fun y -> not y.IsSymbolic) then Some $"{case}: a result of a symbol has data"
                elif say inferred <> computed then Some $"{case}: inferred {say inferred}, computed {computed}"
                else None
            match without $"{case}" (fun () -> misfit (symbols case.Inputs)) with
            | Some reason -> Some reason
            | None ->
                // Each operand alone without data: constants beside a symbol become part of its graph.
                seq { 0 .. case.Inputs.Length - 1 }
                |> Seq.tryPick (fun i -> misfit (case.Inputs |> Array.mapi (fun j x -> if j = i then Tensor.Symbolic(x.Shape, x.DType) else x))))

    [<Theory; MemberData("All")>]
    member _.``A dimension that is not known yet is inferred around or refused`` (name: string) =
        let spec = ops[name]
        check name draws (fun choices ->
            let case = draw spec 200 choices
            let computed = case.Run.Invoke case.Inputs
            let fits (inferred: Tensor[]) = Array.forall2 (fun (y: Tensor) (z: Tensor) -> y.DType = z.DType && y.Shape.IsCompatible z.Shape) inferred computed
            let unknown axis (x: Tensor) = withDims x (x.Shape |> Seq.mapi (fun i size -> if i = axis then Shape.None else size) |> Seq.toArray)
            seq {
                // The batch: the first dimension of every operand that has the first one's.
                let first = case.Inputs[0]
                if first.Rank > 0 then
                    let rows (x: Tensor) = x.Rank > 0 && x.Shape[0] = first.Shape[0] && x.Rank >= first.Rank
                    yield case.Inputs |> Array.map (fun x -> if rows x then unknown 0 x else Tensor.Symbolic(x.Shape, x.DType))
                for i in 0 .. case.Inputs.Length - 1 do
                    for axis in 0 .. case.Inputs[i].Rank - 1 do
                        yield case.Inputs |> Array.mapi (fun j x -> if i = j then unknown axis x else Tensor.Symbolic(x.Shape, x.DType))
            }
            |> Seq.tryPick (fun operands ->
                match infer case operands with
                | Result.Error refusal -> if refusal.Contains "None" then None else Some $"{case}: refused without naming what is not known: {refusal}"
                | Ok inferred when fits inferred -> None
                | Ok inferred -> Some $"{case}: inferred {say inferred} of {say operands}, computed {say computed}"))

    [<Theory; MemberData("All")>]
    member _.``Extreme sizes give the right shape or the house's error`` (name: string) =
        let spec = ops[name]
        check name draws (fun choices ->
            let case = draw spec 200 choices
            let sizes = case.Inputs |> Seq.collect (fun x -> x.Shape) |> Seq.distinct |> Seq.sort |> Seq.toArray
            // All sizes at once, and each of them alone.
            let changes = seq { yield (fun (_: int) -> true); for s in sizes -> (=) s }
            without $"{case}" (fun () ->
                Seq.allPairs changes [ Int32.MaxValue; 1 <<< 30; 1 <<< 28; 1 <<< 22; 65536; 46344 ]
                |> Seq.tryPick (fun (changed, size) ->
                    let at size =
                        match resize case (fun s -> if changed s then size else s) with
                        | Some operands -> infer case operands
                        | None -> Result.Error "no operands"
                    match at size, at (size / 2), at (size / 4) with
                    | Ok whole, Ok half, Ok quarter ->
                        Seq.zip3 whole half quarter
                        |> Seq.collect (fun (w, h, q) -> Seq.zip3 q.Shape h.Shape w.Shape)
                        |> Seq.tryPick (fun (q, h, w) -> if grows q h w then None else Some $"{case}: size {size} gives {say whole}, half of it {say half}, a quarter {say quarter}")
                    // What is impossible stays so as it grows.
                    | Ok whole, Result.Error refusal, _ -> if size % 4 = 0 then Some $"{case}: size {size} gives {say whole}, half of it: {refusal}" else None
                    | _ -> None)))

    [<Theory; MemberData("All")>]
    member _.``Every operation is told in files and comes back to the bit`` (name: string) =
        let spec = ops[name]
        check name draws (fun choices ->
            let case = draw spec 400 choices
            let inputs = symbols case.Inputs
            let outputs = case.Run.Invoke inputs
            if untold outputs[0] then
                Assert.Throws<InvalidInputException>(fun () -> replay inputs case.Inputs outputs[0] |> ignore) |> ignore
                None
            else
                let expected, found = allBits (case.Run.Invoke case.Inputs), allBits (Array.map (replay inputs case.Inputs) outputs)
                if found = expected then None else Some $"{case}: other bits out of a file")
