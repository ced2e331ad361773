/// Models as an F# program makes, trains and keeps them.
namespace NativeDL.Properties

open System.IO
open NativeDL
open NativeDL.Layers
open NativeDL.FSharp
open Xunit
open Numbers

/// Layer and model of one's own, in F#.
module private Own =
    type Scale() =
        inherit Layer()
        let mutable factor: Parameter option = None
        override this.CreateWeights input = factor <- Some(this.AddWeight("factor", Shape.Of input[-1], "ones"))
        override _.Forward(x: Tensor, _: CallContext) = x * factor.Value.Value

    type Residual(width: int) as this =
        inherit Model()
        let dense = this.Track(Dense(width, activation = "tanh"))
        let scale = this.Track(Scale())
        override _.Forward(x: Tensor, call: CallContext) = x + scale.Call(dense.Call(x, call), call)

type ModelFace() =
    let x = Tensor.linspace -1.0 1.0 64 |> Tensor.reshape [ 64; 1 ]
    let line = Dataset(x, 2.0 * x)

    [<Fact>]
    member _.``A pipeline makes, trains and asks a model``() =
        let model, history =
            Model.sequential [ Dense 1 ]
            |> Model.compile (Adam 0.1, Loss.MeanSquaredError(), "mae")
            |> Model.fit (line, epochs = 60, batchSize = 16, random = RandomState 1UL)
        Assert.Equal(60, history.Epochs)
        let measured = model |> Model.evaluate line
        Assert.True(measured["loss"] < 1e-4, $"{measured}")
        Assert.Equal<string list>([ "loss"; "mean_absolute_error" ], [ for log in measured -> log.Key ])
        let answer = model |> Model.predict (Tensor.ofRows [ [ 0.5f ] ]) |> Tensor.item
        Assert.True(abs (answer - 1.0) < 0.02, $"{answer}")

    [<Fact>]
    member _.``Names, objects and functions may be mixed``() =
        let layers: Layer list = [ Dense(4, activation = "relu"); Dropout 0.1; Dense(1, activation = Activation.Tanh) ]
        let model, history =
            Model.sequential layers |> Model.compile ("adam", "mse", "mae", Metric.RootMeanSquaredError()) |> Model.fit line
        Assert.Equal(1, history.Epochs)
        Assert.Equal<string list>([ "loss"; "mean_absolute_error"; "root_mean_squared_error" ], List.ofSeq history.Columns)
        Assert.Equal("Adam()", string model.Optimizer)

    [<Fact>]
    member _.``fit takes its settings by name``() =
        let steps = ResizeArray<int>()
        let count = { new Callback() with override _.OnEpochEnd state = steps.Add state.Step }
        let train settings = Model.sequential [ Dense 1 ] |> Model.compile ("sgd", "mse") |> settings |> snd
        let held: History = train (Model.fit (line, validationSplit = 0.25, shuffle = false, batchSize = 8, callbacks = [ count ]))
        Assert.Equal<string list>([ "loss"; "val_loss" ], List.ofSeq held.Columns)
        Assert.Equal<int list>([ 6 ], List.ofSeq steps)
        let given: History = train (Model.fit (line, epochs = 2, validation = line.Take 8))
        Assert.Equal(2, given["val_loss"].Count)
        Assert.Throws<InvalidInputException>(fun () -> train (Model.fit (line, epochs = -1)) |> ignore) |> ignore

    [<Fact>]
    member _.``A saved model is the same function``() =
        let model = Model.sequential [ Dense(3, activation = "tanh"); Dense 1 ] |> Model.build [ 1; 1 ]
        let path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".ndl")
        try
            model |> Model.save path
            Assert.Equal(model |> Model.predict x |> numbers, Model.load path |> Model.predict x |> numbers)
        finally
            File.Delete path

    [<Fact>]
    member _.``Shapes are built from numbers and summed up``() =
        let model = Model.sequential [ Flatten(); Dense 5 ]
        model.Build(1, 2, 3)
        Assert.Contains("Total params: 35", Model.summary model)

    [<Fact>]
    member _.``A layer and a model of one's own``() =
        let model = Own.Residual 3
        let report = model.CheckGradients(Tensor.RandomNormal(Shape.Of(4, 3), random = RandomState 7UL))
        Assert.True(report.Passed, string report)
        let inputs = Tensor.RandomNormal(Shape.Of(32, 3), random = RandomState 8UL)
        let _, history = model |> Model.compile (Adam 0.05, "mse") |> Model.fit (Dataset(inputs, 0.5 * inputs), epochs = 10)
        Assert.True(history["loss"][9] < history["loss"][0])

    [<Fact>]
    member _.``A training loop by hand``() =
        let model = Model.sequential [ Dense 1 ] |> Model.build [ 1; 1 ]
        let loss, optimizer = Loss.MeanSquaredError(), Adam 0.1
        for _ in 1..60 do
            for batch in line.Batch 16 do
                use _ = TensorScope.Begin()
                use tape = new GradientTape()
                let error = loss.Call(batch.Y, model.Call(batch.X, training = true))
                optimizer.Apply(model.Parameters, tape.Gradient(error, model.Parameters))
        let far = loss.Call(2.0 * x, model.Call x) |> Tensor.item
        Assert.True(far < 1e-4, $"{far}")
