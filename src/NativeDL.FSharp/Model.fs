namespace NativeDL.FSharp

open System
open System.Collections.Generic
open NativeDL

/// <summary>
/// Models in pipelines. What has settings takes them by name and in parentheses, the model comes last.
/// </summary>
/// <example><code>
/// let model, history =
///     Model.sequential [ Flatten(); Dense(32, activation = "relu"); Dense 10 ]
///     |> Model.compile (Adam 0.01, Loss.SparseCategoricalCrossentropy(fromLogits = true), "accuracy")
///     |> Model.fit (train, epochs = 5, validation = test)
/// </code></example>
[<AutoOpen>]
module Models =

    type Model with

        /// <summary>Layers one after another; a model is a layer too.</summary>
        /// <example><code>Model.sequential [ Flatten(); Dense(32, activation = "relu"); Dense 10 ]</code></example>
        static member sequential(layers: Layer list) : Model = Sequential(List.toArray layers)

        /// <summary>Makes the parameters for inputs of the given shape, batch axis first; gives the model back. Training does it by itself.</summary>
        /// <example><code>model |> Model.build [ 1; 28; 28; 1 ]</code></example>
        static member build (inputShape: int seq) (model: 'M when 'M :> Model) : 'M =
            model.Build(Seq.toArray inputShape)
            model

        /// <summary>Says how to train, by objects or by their names in Keras; gives the model back.</summary>
        /// <param name="optimizer">Changes the parameters.</param>
        /// <param name="loss">What is made small.</param>
        /// <param name="metrics">What else is reported.</param>
        /// <example><code>model |> Model.compile (Adam 0.01, "mse", "mae")</code></example>
        static member compile(optimizer: Optimizer, loss: Loss, [<ParamArray>] metrics: Metric[]) : 'M -> 'M when 'M :> Model =
            fun model ->
                model.Compile(optimizer, loss, metrics)
                model

        /// <summary>Trains; gives the model back and what was reported, one row an epoch.</summary>
        /// <param name="train">Features and labels.</param>
        /// <param name="epochs">Passes over the data; 1 unless named.</param>
        /// <param name="batchSize">Rows a step; 32 unless named.</param>
        /// <param name="validation">Data that is evaluated after each epoch and never trained on.</param>
        /// <param name="validationSplit">Or: the share of the data, taken from its end, that is held back for validation.</param>
        /// <param name="shuffle">Whether each epoch sees the rows in a new order; so unless named.</param>
        /// <param name="callbacks">Called as training goes on.</param>
        /// <param name="random">Where all that is drawn comes from, orders, dropout, augmentation; the model's own source unless named.</param>
        /// <param name="resume">A folder in which training keeps where it stands, and from which it goes on.</param>
        /// <example><code>let model, history = model |> Model.fit (train, epochs = 5, validation = test)</code></example>
        static member fit
            (
                train: Dataset,
                ?epochs: int,
                ?batchSize: int,
                ?validation: Dataset,
                ?validationSplit: float,
                ?shuffle: bool,
                ?callbacks: Callback list,
                ?random: RandomState,
                ?resume: string
            ) : 'M -> 'M * History when 'M :> Model =
            fun model ->
                model,
                model.Fit(
                    train,
                    ?epochs = epochs,
                    ?batchSize = batchSize,
                    ?validation = validation,
                    ?validationSplit = validationSplit,
                    ?shuffle = shuffle,
                    ?callbacks = (callbacks |> Option.map (fun list -> list :> IReadOnlyList<Callback>)),
                    ?random = random,
                    ?resume = resume
                )

        /// <summary>One step by hand: the loss of a batch in training, and the optimizer's change of the trainable parameters.</summary>
        /// <returns>The loss before the change: <c>[]</c>.</returns>
        /// <example><code>for batch in train.Batch 32 do Model.trainStep optimizer loss model batch |> ignore</code></example>
        static member trainStep (optimizer: Optimizer) (loss: Loss) (model: #Model) (batch: Batch) : Tensor =
            use tape = new GradientTape()
            let error = loss.Call(batch.Y, model.Call(batch.X, training = true))
            optimizer.Apply(model.TrainableParameters, tape.Gradient(error, model.TrainableParameters))
            error

        /// <summary>Loss and metrics over a whole data set, by name.</summary>
        /// <example><code>(model |> Model.evaluate test)["accuracy"]</code></example>
        static member evaluate (data: Dataset) (model: #Model) : Logs = model.Evaluate data

        /// <summary>The model's result for each row: <c>[N, …] -> [N, …]</c>.</summary>
        /// <example><code>model |> Model.predict x</code></example>
        static member predict (x: Tensor) (model: #Model) : Tensor = model.Predict x

        /// <summary>The layers, their output shapes and parameter counts.</summary>
        /// <example><code>model |> Model.summary |> printfn "%s"</code></example>
        static member summary(model: #Model) : string = model.Summary()

        /// <summary>Saves everything that training needs to go on: layers, parameters, the optimizer's state and the random state.</summary>
        /// <example><code>model |> Model.save "digits.ndl"</code></example>
        static member save (path: string) (model: #Model) : unit = model.Save path

        /// <summary>The model that <c>save</c> wrote, ready to predict; compile it to train on.</summary>
        /// <example><code>Model.load "digits.ndl" |> Model.predict x</code></example>
        static member load(path: string) : Model = Model.Load path
