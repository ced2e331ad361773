/// Layers, data sets, lists and printers as an F# program writes them.
namespace NativeDL.Properties

open NativeDL
open NativeDL.Layers
open NativeDL.FSharp
open Xunit

module private MixedProject =

    /// A layer written in F#, as C# programs use it.
    type Scale() =
        inherit Layer()
        let mutable factor: Parameter = Unchecked.defaultof<Parameter>
        override this.CreateWeights(input: Shape) = factor <- this.AddWeight("factor", Shape.Of input[-1], "ones")
        override _.Forward(x: Tensor, _: CallContext) = x * factor

type DataFace() =

    let x = Tensor.ofRows [ [ 1f; 2f; 3f ]; [ 4f; 5f; 6f ] ]

    [<Fact>]
    member _.``The arrow goes through layers``() =
        let hidden, out = Dense(4, activation = "relu"), Dense 2
        let y = x --> hidden --> out
        Assert.Equal<int list>([ 2; 2 ], Tensor.shape y)
        Assert.True(Tensor.allClose (x |> Layer.call hidden |> Layer.call out) y)
        Assert.True(Tensor.allClose (out.Call(hidden.Call x)) y)
        Assert.Equal<int list>([ 2; 3 ], x |> Layer.train (Dropout 0.5) |> Tensor.shape)

    [<Fact>]
    member _.``A symbol goes through layers``() =
        let image = Model.Input(28, 28, 1)
        let model = Model(image, image --> Conv2D(4, (3, 3), strides = 2) --> Flatten() --> Dense 10)
        Assert.Equal<int list>([ 5; 10 ], model.Call(Tensor.zeros [ 5; 28; 28; 1 ]) |> Tensor.shape)

    [<Fact>]
    member _.``A layer of one's own``() =
        let model = Model.sequential [ MixedProject.Scale(); Dense 1 ]
        Assert.Equal<int list>([ 2; 1 ], x --> model |> Tensor.shape)

    [<Fact>]
    member _.``Data sets are pairs, batches come apart``() =
        let train, test = Datasets.digits ()
        Assert.Equal(1797, train.Count + test.Count)
        let sizes = [ for Batch(x, y) in train |> Dataset.take 100 |> Dataset.skip 10 |> Dataset.shuffleWith 1 |> Dataset.batch 40 -> x.Shape[0], y.Shape[0] ]
        Assert.Equal<(int * int) list>([ 40, 40; 40, 40; 10, 10 ], sizes)
        let squares = Dataset.ofTensors x (Tensor.ofSeq [ 1f; 2f ]) |> Dataset.map (fun batch -> Batch(batch.X.Square(), batch.Y))
        for Batch(images, _) in squares |> Dataset.shuffle |> Dataset.batch 2 do Assert.Equal(91.0, float (images.Sum()))

    [<Fact>]
    member _.``A step by hand makes the loss smaller``() =
        let model, optimizer, loss = Model.sequential [ Dense 1 ], Adam 0.1, Loss.MeanSquaredError()
        let data = Dataset.ofTensors x (x |> Tensor.sumKeep [ 1 ])
        let losses = [ for _ in 1..50 do for batch in data.Batch 2 -> float (Model.trainStep optimizer loss model batch) ]
        Assert.True(List.last losses < losses.Head, $"%A{losses}")

    [<Fact>]
    member _.``Lists make shapes and several tensors``() =
        Assert.True((Shape.Of(2, 3) = Shape.ofList [ 2; 3 ]))
        Assert.Equal<int list>([ 2; 3 ], Shape.toList x.Shape)
        Assert.True((Shape.Scalar = Shape.ofList []))
        Assert.Equal<Tensor list>([ x; x ], Tensors.ofList [ x; x ] |> Tensors.toList)
        Assert.Same(x, (Tensors.named [ "image", x ])["image"])

    [<Fact>]
    member _.``Elements are compared by functions, objects by F#'s own``() =
        let copy = x.Clone()
        Assert.False((x = copy))
        Assert.True(Tensor.allClose x copy)
        Assert.False(Tensor.allClose x (x + 1))
        Assert.True((x .= copy).All().Item<bool>())

    [<Fact>]
    member _.``Matrices and slices come back``() =
        let rows: float32[,] = Tensor.toArray2D x
        Assert.Equal(6f, rows[1, 2])
        Assert.Equal<float list>([ 6.0; 15.0 ], x |> Tensor.unstack 0 |> List.map (fun row -> float (row.Sum())))
        Assert.Equal<int list>([ 5; 3 ], Tensor.ones [ 3 ] |> Tensor.broadcastTo [ 5; 3 ] |> Tensor.shape)

    [<Fact>]
    member _.``The pipeline of the guide``() =
        let train, test = Datasets.digits ()
        let model, history =
            Model.sequential [ Conv2D(4, (3, 3), activation = "relu"); MaxPool2D 2; Flatten(); Dropout 0.2; Dense 10 ]
            |> Model.compile (Adam 0.002, Loss.SparseCategoricalCrossentropy(fromLogits = true), "accuracy")
            |> Model.fit (train.Take 128, epochs = 1, batchSize = 64, validation = test.Take 64, callbacks = [ EarlyStopping() ])
        let logits = test.X[..9] --> model
        let entropy = logits |> Tensor.softmax -1 |> fun p -> -(p * log p) |> Tensor.sum [ -1 ] |> Tensor.mean [] |> float
        Assert.InRange(entropy, 0.0, log 10.0 + 1e-6)
        Assert.Contains("val_accuracy", history.Columns)

    [<Fact>]
    member _.``Printers say what there is``() =
        Assert.Equal("Float32 [2]\n[1. 2.]", Printers.tensor (Tensor.ofSeq [ 1f; 2f ]))
        Assert.Equal("[2, 3]", Printers.shape x.Shape)
        let model, history = Model.sequential [ Dense 1 ] |> Model.compile ("sgd", "mse") |> Model.fit (Dataset(x, x |> Tensor.sumKeep [ 1 ]), epochs = 2)
        Assert.Contains("dense", Printers.layer model)
        Assert.NotEmpty(Printers.layer (Dense 3))
        Assert.Equal(2, (Printers.history history).Split('\n').Length)
        Assert.StartsWith("epoch 1  loss ", Printers.history history)
