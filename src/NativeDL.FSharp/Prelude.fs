namespace NativeDL.FSharp

open NativeDL

/// Gradients of functions, without a tape in sight.
module Gradient =
    /// The derivative of a function of one tensor, as a function: <c>grad (fun x -> (x * x).Sum())</c>.
    let grad (f: Tensor -> Tensor) (x: Tensor) : Tensor =
        use tape = new GradientTape()
        let x = x.Clone()
        tape.Watch x |> ignore
        tape.Gradient(f x, x)

    /// Value and derivative together.
    let valueAndGrad (f: Tensor -> Tensor) (x: Tensor) : Tensor * Tensor =
        use tape = new GradientTape()
        let x = x.Clone()
        tape.Watch x |> ignore
        let y = f x
        y, tape.Gradient(y, x)

/// Models by pipelines: <c>Model.sequential [ … ] |> Model.compile "adam" "mse" [] |> Model.fit data 5 32</c>.
module Model =
    /// Layers one after another.
    let sequential (layers: Layer list) : Model = Sequential(layers)

    /// Says how to train; names are those of Keras.
    let compile (optimizer: string) (loss: string) (metrics: string list) (model: Model) : Model =
        model.Compile(Optimizer.op_Implicit optimizer, Loss.op_Implicit loss, metrics |> List.map Metric.op_Implicit |> List.toArray)
        model

    /// Trains for some epochs in batches of the given size; gives the model and its history.
    let fit (data: Dataset) (epochs: int) (batchSize: int) (model: Model) : Model * History =
        model, model.Fit(data, epochs, batchSize)

    /// The model's result for each row.
    let predict (x: Tensor) (model: Model) : Tensor = model.Predict x
