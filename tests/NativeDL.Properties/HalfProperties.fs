/// Operations on 2-byte floating-point numbers: computed in float32, rounded once at the store.
namespace NativeDL.Properties

open System
open NativeDL
open Xunit
open NativeDL.Properties.Choices
open NativeDL.Properties.Support
open NativeDL.Properties.Cuda

module private Half =
    /// Digits after the leading one, the least exponent of a normal number, and the number from which on all round to infinity.
    let private limits dtype = if dtype = DType.BFloat16 then 7, -126, 3.3961775e38 else 10, -14, 65520.0

    /// Half of what the last of 8 or 11 digits is worth: the error of one rounding, relative.
    let epsilon dtype = if dtype = DType.BFloat16 then Math.Pow(2, -8) else Math.Pow(2, -11)

    /// The distance of the type's numbers around x: a unit in the last place.
    let unit dtype (x: float) =
        let digits, least, _ = limits dtype
        Math.Pow(2.0, float (max least (if x = 0.0 then least else Math.ILogB x) - digits))

    /// The operands in the type, and the very same numbers in float32.
    let operands dtype (case: OpCase) =
        let narrow = case.Inputs |> Array.map (fun x -> if floating x then x.Cast dtype else x)
        narrow, narrow |> Array.map (fun x -> if floating x then x.Cast DType.Float32 else x)

    /// What is wrong with a result: of the half type where its type follows the operands', each element within a unit of the
    /// float32 result.
    let misfit (spec: OpSpec) dtype position (found: Tensor) (exact: Tensor) (follows: bool) =
        let isWide = Seq.contains position spec.WideResults
        let expected = if follows && not isWide then dtype else exact.DType
        if found.DType <> expected then Some $"a result is {found.DType} and not {expected}"
        elif found.Shape <> exact.Shape then Some $"a result is {found.Shape}, in float32 {exact.Shape}"
        elif not follows then if bits found <> bits exact then Some $"a result in {found.DType} differs" else None
        elif isWide then
            let a, b = found.ToDoubles(), exact.ToDoubles()
            let error, allowed = Array.map2 (-) a b |> norm, 1e-5 * (1.0 + norm b)
            if error <= allowed then None else Some $"a wide result differs by {error} of norm {norm b}, allowed {allowed}"
        elif spec.Composed then
            let a, b = found.ToDoubles(), exact.ToDoubles()
            let error, allowed = Array.map2 (-) a b |> norm, 4.0 * epsilon dtype * norm b
            if error <= allowed then None else Some $"a result differs by {error} of norm {norm b}, allowed {allowed}"
        else
            let _, _, most = limits dtype
            Array.zip (found.ToDoubles()) (exact.ToDoubles())
            |> Seq.tryFind (fun (y, x) ->
                let near =
                    if Double.IsNaN x then Double.IsNaN y
                    elif abs x >= most then y = x || y = Math.CopySign(infinity, x)
                    else abs (y - x) <= unit dtype x
                not near)
            |> Option.map (fun (y, x) -> $"{y} where float32 has {x}")

    /// What is wrong with gradients, which are composed of operations that each round: by norm.
    let far dtype (inputs: Tensor[]) (found: Tensor[]) (exact: Tensor[]) =
        let scale = inputs |> Array.filter floating |> Array.collect (fun x -> x.ToDoubles()) |> Array.map abs |> Array.append [| 0.0 |] |> Array.max
        Seq.zip found exact
        |> Seq.indexed
        |> Seq.tryPick (fun (i, (a, b)) ->
            if a.DType <> dtype then Some $"gradient {i} is {a.DType}"
            elif a.Shape <> b.Shape then Some $"gradient {i} is {a.Shape}, in float32 {b.Shape}"
            else
                let a, b = a.ToDoubles(), b.ToDoubles()
                let error, allowed = Array.map2 (-) a b |> norm, 4.0 * epsilon dtype * (norm b + scale)
                if error <= allowed then None else Some $"gradient {i} differs by {error} of norm {norm b}, allowed {allowed}")

open Half

type HalfProperties() =
    static member Differentiable =
        [| for spec in names (fun spec -> spec.Differentiable) do
               for dtype in [ DType.BFloat16; DType.Float16 ] -> [| spec[0]; box dtype |] |]

    /// The device's results and gradients against the CPU's in float32, from the same numbers.
    static member private Compare(name: string, dtype: DType, count: int, on: (unit -> string option) -> string option,
                                  move: Tensor[] -> Tensor[], home: Tensor[] -> Tensor[]) =
        let spec = ops[name]
        check name count (fun choices ->
            let case = draw spec 200 choices
            let narrow, wide = operands dtype case
            let exact, exactGradients = forwardAndBackward spec case wide
            let follows = Array.map2 (fun (y: Tensor) (x: Tensor) -> y.DType <> x.DType) exact (case.Run.Invoke case.Inputs)
            on (fun () ->
                let found, gradients = forwardAndBackward spec case (move narrow)
                let found, gradients = home found, home gradients
                match Seq.zip3 found exact follows |> Seq.indexed |> Seq.tryPick (fun (i, (y, x, follows)) -> misfit spec dtype i y x follows) with
                | Some reason -> Some $"{case} in {dtype}: {reason}"
                | None -> far dtype wide gradients exactGradients |> Option.map (fun reason -> $"{case} in {dtype}: {reason}")))

    [<Theory; MemberData("Differentiable")>]
    member _.``On the CPU a result is the float32 result rounded once`` (name: string, dtype: DType) =
        HalfProperties.Compare(name, dtype, draws, (fun body -> body ()), id, id)

    [<Theory; MemberData("Differentiable")>]
    member _.``On a CUDA device a result is the float32 result rounded once`` (name: string, dtype: DType) =
        HalfProperties.Compare(name, dtype, max 5 (draws / 4), onDevice, move, home)
