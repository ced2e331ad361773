/// Checks shapes against an operation's signature such as `[…, m, k], [k, n] -> […, m, n]`: equal letters are
/// equal sizes, a number is itself, a pattern with ? may be absent, … (with or without a tag) is any run of dimensions, the same for the same tag;
/// …a∨b is what …a and …b broadcast to.
module NativeDL.Properties.Signature

open System
open System.Text.RegularExpressions

let private parse (side: string) =
    [ for part in Regex.Matches(side, @"\[([^\]]*)\](\??)") ->
        part.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries) |> List.ofArray,
        part.Groups[2].Value = "?" ]

/// Without the optional patterns that no shape is left for.
let private present (patterns: (string list * bool) list) count =
    let mutable surplus = patterns.Length - count
    [ for pattern, optional in List.rev patterns do
          if optional && surplus > 0 then surplus <- surplus - 1
          else yield pattern ]
    |> List.rev

/// What two runs of dimensions broadcast to.
let private broadcast (a: int list) (b: int list) =
    let rank = max a.Length b.Length
    let aligned (run: int list) = List.replicate (rank - run.Length) 1 @ run
    List.map2 (fun x y -> if x = 1 then y else x) (aligned a) (aligned b)

let rec private unify (bound: Map<string, int list>) (pattern: string list) (shape: int list) =
    let agree name value rest =
        match Map.tryFind name bound with
        | Some known when known <> value -> None
        | _ -> rest (Map.add name value bound)
    match pattern, shape with
    | [], [] -> Some bound
    | name :: more, _ when name.Contains '∨' ->
        let run = name.TrimStart('…').Split '∨' |> Array.map (fun tag -> bound["…" + tag]) |> Array.reduce broadcast
        if List.truncate run.Length shape = run then unify bound more (List.skip run.Length shape) else None
    | name :: more, _ when name.Contains '…' ->
        seq { 0 .. shape.Length }
        |> Seq.tryPick (fun count -> agree name (List.truncate count shape) (fun b -> unify b more (List.skip count shape)))
    | name :: more, size :: rest ->
        match Int32.TryParse name with
        | true, literal -> if literal = size then unify bound more rest else None
        | _ -> agree name [ size ] (fun b -> unify b more rest)
    | _ -> None

/// What does not fit, or None.
let violation (signature: string) (inputs: int list list) (outputs: int list list) =
    match signature.Split "->" with
    | [| left; right |] ->
        let patterns = present (parse left) inputs.Length @ present (parse right) outputs.Length
        let shapes = inputs @ outputs
        if patterns.Length <> shapes.Length then Some $"{shapes.Length} operands and results for {patterns.Length} patterns"
        else
            let fits =
                List.zip patterns shapes
                |> List.fold (fun bound (pattern, shape) -> bound |> Option.bind (fun b -> unify b pattern shape)) (Some Map.empty)
            if fits.IsSome then None else Some $"operands %A{inputs}, results %A{outputs}"
    | _ -> Some "the signature has no arrow"
