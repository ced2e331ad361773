namespace NativeDL.FSharp

open System
open NativeDL

/// <summary>
/// Derivatives of functions, without a tape in sight. They nest: <c>grad (grad f)</c> is the second derivative.
/// (Gradients with respect to parameters come from a <c>GradientTape</c>, as in a training loop by hand.)
/// </summary>
[<AutoOpen>]
module Gradients =

    // Runs f at x on a tape.
    let private follow persistent (f: Tensor -> Tensor) (x: Tensor) (read: GradientTape -> Tensor -> Tensor -> 'R) =
        use tape = new GradientTape(persistent)
        let x = tape.Watch(x.Clone())
        read tape (f x) x

    /// <summary>
    /// The derivative of a function as a function; where the result is not a scalar, of the sum of its elements:
    /// <c>[…] -> […]</c>, the shape of x.
    /// </summary>
    /// <example><code>grad (fun x -> (x * x).Sum()) (Tensor.ofArray [| 1f; -2f |])   // [ 2. -4.]</code></example>
    let grad (f: Tensor -> Tensor) (x: Tensor) : Tensor =
        follow false f x (fun tape y x -> tape.Gradient(y, x))

    /// <summary>The value f x and the derivative there, of the shape of x.</summary>
    /// <example><code>let value, slope = valueAndGrad (fun x -> (x * x).Sum()) x</code></example>
    let valueAndGrad (f: Tensor -> Tensor) (x: Tensor) : Tensor * Tensor =
        follow false f x (fun tape y x -> y, tape.Gradient(y, x))

    /// <summary>Every derivative of every element of the result: <c>[…x] -> […y, …x]</c>.</summary>
    /// <example><code>jacobian (fun x -> x * x) (Tensor.ofArray [| 1f; 2f |])   // [[2. 0.] [0. 4.]]</code></example>
    let jacobian (f: Tensor -> Tensor) (x: Tensor) : Tensor =
        follow true f x (fun tape y x -> tape.Jacobian(y, x))

    /// <summary>The second derivatives of a function with a scalar result: <c>[…x] -> […x, …x]</c>.</summary>
    /// <example><code>hessian (fun x -> (x * x * x).Sum()) (Tensor.ofArray [| 1f; 2f |])   // [[ 6. 0.] [ 0. 12.]]</code></example>
    let hessian (f: Tensor -> Tensor) : Tensor -> Tensor = jacobian (grad f)

    /// <summary>Compares the gradient of a function with finite differences, in float64, at the elements of x.</summary>
    /// <returns>A report that names the worst element; <c>Passed</c> is the verdict.</returns>
    /// <example><code>gradCheck (fun x -> x.Sigmoid() * x) (Tensor.linspace -2.0 2.0 9)</code></example>
    let gradCheck (f: Tensor -> Tensor) (x: Tensor) : GradCheckReport = GradCheck.Run(Func<Tensor, Tensor> f, x)
