namespace NativeDL.FSharp

open NativeDL

/// <summary>How F# Interactive shows what NativeDL makes: register them once a session.</summary>
/// <example><code>
/// #r "nuget: NativeDL.FSharp"
/// open NativeDL.FSharp
/// fsi.AddPrinter Printers.tensor
/// fsi.AddPrinter Printers.shape
/// fsi.AddPrinter Printers.layer
/// fsi.AddPrinter Printers.history
/// </code></example>
[<RequireQualifiedAccess>]
module Printers =

    /// <summary>Element type, shape and elements.</summary>
    /// <example><code>fsi.AddPrinter Printers.tensor</code></example>
    let tensor (x: Tensor) = $"{x.DType} {x.Shape}\n{x}"

    /// <summary>The dimensions in brackets.</summary>
    /// <example><code>fsi.AddPrinter Printers.shape</code></example>
    let shape (shape: Shape) = string shape

    /// <summary>A model's table, or what another layer says of itself.</summary>
    /// <example><code>fsi.AddPrinter Printers.layer</code></example>
    let layer (layer: Layer) =
        match layer with
        | :? Model as model -> model.Summary()
        | other -> string other

    /// <summary>One row an epoch.</summary>
    /// <example><code>fsi.AddPrinter Printers.history</code></example>
    let history (history: History) =
        let names = List.ofSeq history.Columns
        let rows = match names with [] -> 0 | first :: _ -> history[first].Count
        let line epoch = names |> List.map (fun name -> $"{name} {history[name][epoch]:G5}") |> String.concat "  "
        [ for epoch in 0 .. rows - 1 -> $"epoch {epoch + 1}  {line epoch}" ] |> String.concat "\n"
