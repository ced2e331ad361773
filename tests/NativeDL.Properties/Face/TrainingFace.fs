/// Losses, metrics, optimizers, schedules and callbacks as F# writes them.
namespace NativeDL.Properties

open System
open NativeDL
open NativeDL.FSharp
open NativeDL.Layers
open Xunit

type TrainingFace() =
    let y = Tensor.Of [| 1.0; 0.0; 1.0; 0.0 |]
    let p = Tensor.Of [| 0.9; 0.6; 0.4; 0.1 |]

    [<Fact>]
    member _.``Losses by name, by method and from functions``() =
        let each: Loss list =
            [ Loss.op_Implicit "hinge"
              Loss.BinaryFocalCrossentropy(gamma = 1.0, labelSmoothing = 0.1)
              Loss.Triplet(margin = 0.5, mining = Losses.TripletMining.Hard)
              Loss.From((fun t o -> (t - o).Abs()), "mine") ]
        Assert.Equal<string list>([ "hinge"; "binary_focal_crossentropy"; "triplet"; "mine" ], [ for l in each -> l.Name ])
        Assert.Equal(0.35, each[3].Call(y, p).Item(), 1e-6)
        Assert.Equal(0.5, (GanLoss.LeastSquares()).Discriminator(y * 0.0, y * 0.0).Item(), 1e-6)

    [<Fact>]
    member _.``Metrics count rows``() =
        let f1 = Metric.F1Score(threshold = Nullable 0.5)
        f1.Update(y, p)
        Assert.Equal(0.5, f1.Result, 1e-12)
        let area = Metrics.ExactAUC()
        area.Update(y, p, Tensor.Of [| 1.0; 1.0; 1.0; 1.0 |])
        Assert.Equal(0.75, area.Result, 1e-12)
        let largest = Metric.From((fun t o -> (t - o).Abs()), "error")
        largest.Update(y, p)
        Assert.Equal(0.35, largest.Result, 1e-6)

    [<Fact>]
    member _.``Optimizers with groups and averages train by a composed schedule``() =
        let rate = Warmup(ScheduleSequence([| CosineDecayRestarts(0.1, 5L); PolynomialDecay(0.05, 20L) |], [| 10L |]), 2L)
        let optimizer =
            Nadam(rate, Ema = Nullable 0.9, GradientAccumulationSteps = 2, Groups = [| NamedGroup("*/bias", weightDecay = Nullable 0.0) |])
        let rates = ResizeArray<float>()
        let model = Model.sequential [ Dense 4; Dense 1 ]
        model.Compile(optimizer, Loss.LogCosh(), [| Metric.R2Score() |])
        let x = Tensor.RandomNormal(Shape.Of(16, 3), random = RandomState 3UL)
        let callbacks: Callback list =
            [ LambdaCallback(onEpochEnd = fun state -> rates.Add state.LearningRate); ReduceLROnPlateau "loss"; SwapEMAWeights() ]
        let history: History =
            model.Fit(x, x.Sum(1, keepDims = true), epochs = 8, batchSize = 4, callbacks = callbacks)
        Assert.Equal(8, rates.Count)
        Assert.Contains("r2_score", history.Columns)

    [<Fact>]
    member _.``A function is searched along``() =
        let x = Parameter("x", Tensor.Of [| -1.2; 1.0 |])
        let found =
            LBFGS(maxIter = 100).Minimize([| x |], fun () ->
                let parts = x.Value.Unstack()
                let bend = parts[1] - parts[0] * parts[0]
                bend * bend * 100.0 + (1.0 - parts[0]).Square())
        Assert.InRange(found.Value, 0.0, 1e-6)
