/// The F# program of the README, line by line, in a function; DocsFace compares the two and runs it.
module internal NativeDL.Properties.ReadmeProgram

open NativeDL
open NativeDL.Layers
open NativeDL.FSharp

let run () =
    let x = Tensor.ofRows [ [ 1f; 2f; 3f ]; [ 4f; 5f; 6f ] ]
    printfn $"{x[*, 1..] |> Tensor.sum [ 0 ]}"          // [7. 9.]
    printfn $"{Tensor.Where(x .> 4, x, 0.0 * x)[-1]}"   // [0. 5. 6.]

    let cube (x: Tensor) = (x * x * x).Sum()
    let point = Tensor.ofSeq [ 1f; 2f ]
    printfn $"{grad cube point}"                        // [ 3. 12.]
    printfn $"{(hessian cube point)[1]}"                // [ 0. 12.]
    printfn $"{gradCheck cube point}"                   // passed: 2 derivatives

    let train, test = Datasets.digits ()
    let model, history =
        Model.sequential [ Flatten(); Dense(32, activation = "tanh"); Dropout 0.1; Dense 10 ]
        |> Model.compile (Adam 0.01, Loss.SparseCategoricalCrossentropy(fromLogits = true), "accuracy")
        |> Model.fit (train, epochs = 5, validation = test)

    printfn $"{Model.summary model}"
    printfn $"""loss {history["loss"][0]:F2} -> {history["loss"][4]:F2}"""
    printfn $"""accuracy {(model |> Model.evaluate test)["accuracy"]:P1}"""
