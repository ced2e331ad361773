namespace NativeDL.FSharp

open NativeDL

/// <summary>Layers in pipelines. A layer cannot be applied like a function: it is called.</summary>
[<RequireQualifiedAccess>]
module Layer =

    /// <summary>The layer's result, not training: what <c>x --> layer</c> says.</summary>
    /// <example><code>x |> Layer.call (Dense 32)</code></example>
    let call (layer: Layer) (x: Tensor) : Tensor = layer.Call x

    /// <summary>The layer's result in training: dropout drops, batch statistics are those of the batch.</summary>
    /// <example><code>x |> Layer.train (Dropout 0.5)</code></example>
    let train (layer: Layer) (x: Tensor) : Tensor = layer.Call(x, training = true)

/// <summary>The arrow from a tensor through layers.</summary>
[<AutoOpen>]
module Arrow =

    /// <summary>The layer's result for x, which may also be a symbol of a functional model.</summary>
    /// <example><code>x --> Dense 32 --> Dense 10</code></example>
    let (-->) (x: Tensor) (layer: Layer) : Tensor = layer.Call x
