/// Operations on symbols become a model that a file holds.
namespace NativeDL.Properties

open System
open System.IO
open NativeDL
open Xunit
open NativeDL.Properties.Choices
open NativeDL.Properties.Support

type GraphFileProperties() =
    /// What no file can tell, and why; backward passes alone make the operations that end in _grad and the adjoints.
    static let left =
        Map [
            "custom", "it is a function of the program's"
            "custom_gradient", "it is a function of the program's"
            "dropout", "a graph has it as a layer"
            "embed", "the adjoint of a slice"
            "spread", "the adjoint of a choice of elements"
            "pick", "the choice of the greatest elements, in the gradient of max"
            "scatter_add", "the adjoint of gather"
            "max_pool2d_scatter", "the adjoint of max_pool2d"
            "max_pool2d_gather", "the adjoint of that"
        ]

    static let reaches (name: string) = not (left.ContainsKey name) && (name = "conv2d_input_grad" || not (name.EndsWith "_grad"))

    static member All = names (fun spec -> reaches spec.Name)

    [<Theory; MemberData("All")>]
    member _.``An operation comes back from a file to the bit`` (name: string) =
        let folder = Directory.CreateTempSubdirectory "nativedl-graph-"
        let path = Path.Combine(folder.FullName, "graph.ndl")
        try
            check name draws (fun choices ->
                let case = draw ops[name] 60 choices
                let symbols = case.Inputs |> Array.map (fun x -> Tensor.Symbolic(x.Shape, x.DType))
                let model = Model(Tensors.Of(ReadOnlySpan symbols), Tensors.Of(ReadOnlySpan(case.Run.Invoke symbols)))
                model.Save path
                let again = Model.Load path
                let before, after = model.Call(Tensors.Of(ReadOnlySpan case.Inputs)), again.Call(Tensors.Of(ReadOnlySpan case.Inputs))
                Seq.zip before after
                |> Seq.tryPick (fun (a, b) ->
                    if a.DType <> b.DType || a.Shape <> b.Shape then Some $"{case}: {a.DType} {a.Shape} became {b.DType} {b.Shape}"
                    elif not (a.Equal(b).Or(a.NotEqual a).All().Item<bool>()) then Some $"{case}: the numbers are others"
                    else None))
        finally
            folder.Delete true
