namespace NativeDL.FSharp

open NativeDL

/// <summary>Shapes from lists.</summary>
[<RequireQualifiedAccess>]
module Shape =

    /// <summary>The shape of the given dimensions; none for a scalar, <c>Shape.None</c> (−1) for one that is not known yet.</summary>
    /// <example><code>Shape.ofList [ 2; 3 ]</code></example>
    let ofList (dimensions: int list) = Shape.Of(List.toArray dimensions)

    /// <summary>The dimensions as a list, ready for a pattern.</summary>
    /// <example><code>match Shape.toList x.Shape with [ rows; columns ] -> rows * columns | _ -> 0</code></example>
    let toList (shape: Shape) = List.ofSeq shape

/// <summary>Several tensors from lists.</summary>
[<RequireQualifiedAccess>]
module Tensors =

    /// <summary>Several tensors in order, as layers and models of several inputs take them.</summary>
    /// <example><code>model.Call(Tensors.ofList [ image; meta ])</code></example>
    let ofList (tensors: Tensor list) : Tensors = Tensors.op_Implicit (List.toArray tensors)

    /// <summary>Several tensors in order, each with its name.</summary>
    /// <example><code>Tensors.named [ "image", image; "meta", meta ]</code></example>
    let named (tensors: (string * Tensor) list) : Tensors = Tensors.Named [| for name, tensor in tensors -> struct (name, tensor) |]

    /// <summary>The tensors as a list.</summary>
    /// <example><code>model.Call inputs |> Tensors.toList</code></example>
    let toList (tensors: Tensors) : Tensor list = List.ofSeq tensors
