namespace NativeDL.FSharp

open System
open NativeDL

/// <summary>Data sets in pipelines.</summary>
/// <example><code>for Batch(x, y) in train |> Dataset.shuffle |> Dataset.batch 32 do …</code></example>
[<RequireQualifiedAccess>]
module Dataset =

    /// <summary>Rows of features and labels: <c>[n, …], [n, …]</c>.</summary>
    /// <example><code>Dataset.ofTensors x y</code></example>
    let ofTensors (x: Tensor) (y: Tensor) = Dataset(x, y)

    /// <summary>The rows in batches of a size; the last may be smaller.</summary>
    /// <example><code>train |> Dataset.batch 32</code></example>
    let batch (size: int) (data: Dataset) = data.Batch size

    /// <summary>The rows in a new order each time they are gone through.</summary>
    /// <example><code>train |> Dataset.shuffle</code></example>
    let shuffle (data: Dataset) = data.Shuffle()

    /// <summary>The same in an order that a seed decides.</summary>
    /// <example><code>train |> Dataset.shuffleWith 42</code></example>
    let shuffleWith (seed: int) (data: Dataset) = data.Shuffle(RandomState seed)

    /// <summary>What a function makes of each batch.</summary>
    /// <example><code>train |> Dataset.map (fun batch -> Batch(batch.X.Square(), batch.Y))</code></example>
    let map (change: Batch -> Batch) (data: Dataset) = data.Map(Func<Batch, Batch> change)

    /// <summary>The first rows.</summary>
    /// <example><code>train |> Dataset.take 1000</code></example>
    let take (count: int) (data: Dataset) = data.Take count

    /// <summary>All but the first rows.</summary>
    /// <example><code>train |> Dataset.skip 1000</code></example>
    let skip (count: int) (data: Dataset) = data.Skip count

/// <summary>The data sets that NativeDL knows, as pairs of rows to train and to test with.</summary>
[<RequireQualifiedAccess>]
module Datasets =

    /// <summary>1,797 handwritten digits of 8 × 8 pixels; embedded, so nothing is fetched.</summary>
    /// <example><code>let train, test = Datasets.digits ()</code></example>
    let digits () =
        let struct (train, test) = Datasets.Digits()
        train, test

    /// <summary>MNIST: 70,000 handwritten digits of 28 × 28 pixels; fetched once, then cached.</summary>
    /// <example><code>let train, test = Datasets.mnist ()</code></example>
    let mnist () =
        let struct (train, test) = Datasets.Mnist()
        train, test

    /// <summary>Fashion-MNIST: 70,000 pictures of clothes, 28 × 28 pixels; fetched once, then cached.</summary>
    /// <example><code>let train, test = Datasets.fashionMnist ()</code></example>
    let fashionMnist () =
        let struct (train, test) = Datasets.FashionMnist()
        train, test

/// <summary>Batches in patterns.</summary>
[<AutoOpen>]
module Batches =

    /// <summary>The features and labels of a batch of one input and one target.</summary>
    /// <example><code>for Batch(x, y) in train.Batch 32 do printfn $"{x.Shape} {y.Shape}"</code></example>
    let (|Batch|) (batch: Batch) = batch.X, batch.Y
