/// Every operation of the registry on a CUDA device: the simulator's, or a card's with NATIVEDL_TEST_DEVICE=cuda.
/// An operation without kernels fails here.
namespace NativeDL.Properties

open System
open System.IO
open NativeDL
open Xunit
open NativeDL.Properties.Choices
open NativeDL.Properties.Support

module internal Cuda =
    let private driver = "NATIVEDL_CUDA_DRIVER"

    /// The file in the program's folder or one above it.
    let private upwards (file: string) =
        AppContext.BaseDirectory.TrimEnd Path.DirectorySeparatorChar
        |> Seq.unfold (fun folder -> match Path.GetDirectoryName folder with null | "" -> None | parent -> Some(Path.Combine(folder, file), parent))
        |> Seq.tryFind File.Exists

    let device =
        lazy
            (if
                isNull (Environment.GetEnvironmentVariable driver)
                && Environment.GetEnvironmentVariable "NATIVEDL_TEST_DEVICE" <> "cuda"
             then
                 upwards (Path.Combine("artifacts", "simulator", "libcuda.so.1"))
                 |> Option.iter (fun simulator -> Environment.SetEnvironmentVariable(driver, simulator))
             Device.Cuda 0)

    /// Runs with new tensors on the device.
    let onDevice body =
        use _ = Device.Use device.Value
        use _ = TensorScope.Begin()
        body ()

    let move (inputs: Tensor[]) = inputs |> Array.map (fun x -> x.To device.Value)
    let home (tensors: Tensor[]) = tensors |> Array.map (fun x -> x.To Device.Cpu)

    /// None if the two are within `epsilon` of each other in the norm, relative to the second and to the operands.
    let difference (case: OpCase) (inputs: Tensor[]) epsilon (found: Tensor[]) (expected: Tensor[]) =
        let scale =
            inputs |> Array.filter floating
            |> Array.map (fun x -> x.ToDoubles() |> Array.map abs |> Array.append [| 0.0 |] |> Array.max)
            |> Array.append [| 0.0 |] |> Array.max
        Seq.zip found expected
        |> Seq.indexed
        |> Seq.tryPick (fun (i, (a, b)) ->
            if a.Shape <> b.Shape then Some $"{case}: tensor {i} has the shape {a.Shape}, on the CPU {b.Shape}"
            else
                let a, b = a.ToDoubles(), b.ToDoubles()
                let error = Array.map2 (fun x y -> if x = y || (Double.IsNaN x && Double.IsNaN y) then 0.0 else x - y) a b |> norm
                let allowed = epsilon * (norm b + scale)
                if error <= allowed then None
                else
                    let apart (_, x, y) = if Double.IsNaN(x - y) then infinity else abs (x - y)
                    let worst = Array.zip a b |> Array.mapi (fun at (x, y) -> at, x, y) |> Array.maxBy apart
                    Some $"{case}: tensor {i} differs by {error} of norm {norm b}, allowed {allowed}; worst (at, found, expected) {worst}")

open Cuda

/// Cases are fewer than on the CPU: the simulator runs every thread of every block.
type CudaProperties() =
    static member All = names (fun _ -> true)
    static member Differentiable = names (fun spec -> spec.Differentiable)
    static member Layouts = names (fun spec -> isNull spec.LayoutMatters)

    /// Results and gradients of the device against those of the CPU in float64, both from the same operands.
    static member private Compare(name: string, convert: OpCase -> Tensor[], epsilon: OpSpec -> OpCase -> float) =
        let spec = ops[name]
        check name (max 5 (draws / 2)) (fun choices ->
            let case = draw spec 300 choices
            let inputs = convert case
            let exact = inputs |> Array.map (fun x -> if floating x then x.Cast DType.Float64 else x)
            let outputs, gradients = forwardAndBackward spec case exact
            onDevice (fun () ->
                let moved = move inputs
                let found, foundGradients = forwardAndBackward spec case moved
                match difference case inputs (epsilon spec case) (Array.append (home found) (home foundGradients)) (Array.append outputs gradients) with
                | Some reason -> Some reason
                | None -> if allBits (home moved) = allBits inputs then None else Some $"{case}: an operand changed"))

    [<Theory; MemberData("All")>]
    member _.``Float32 agrees with the CPU's float64`` (name: string) =
        CudaProperties.Compare(name, single, fun spec case -> spec.Float32Error * 1.2e-7 * sqrt (max 1.0 (spec.ReductionLength.Invoke case)))

    [<Theory; MemberData("All")>]
    member _.``Float64 agrees with the CPU's`` (name: string) =
        CudaProperties.Compare(name, (fun case -> case.Inputs), fun spec case ->
            spec.Float32Error * 2.3e-16 * 4.0 * sqrt (max 1.0 (spec.ReductionLength.Invoke case)))

    [<Theory; MemberData("Differentiable")>]
    member _.``Gradients equal finite differences`` (name: string) =
        let spec = ops[name]
        let mutable compared = 0
        check name 3 (fun choices ->
            let case = draw spec 12 choices
            onDevice (fun () ->
                let report = GradCheck.Run(case.Run, move case.Inputs)
                compared <- max compared report.Compared
                if report.Passed then None else Some $"{case}: {report}"))
        Assert.True(compared > 1, $"{name}: {compared} derivatives were compared")

    [<Theory; MemberData("Layouts")>]
    member _.``Strides do not change a bit`` (name: string) =
        let spec = ops[name]
        check name (max 3 (draws / 6)) (fun choices ->
            let case = draw spec 200 choices
            onDevice (fun () ->
                let inputs = move (single case)
                let run layout =
                    let outputs, gradients = forwardAndBackwardFrom spec case (inputs |> Array.map layout) (fun i y -> Some(layout (cotangent i y)))
                    allBits (home outputs), allBits (home gradients)
                let expected = run id
                seq { 0 .. 3 }
                |> Seq.tryFind (fun kind -> run (relayout kind) <> expected)
                |> Option.map (fun kind -> $"{case}: layout {kind} gives other bits")))

    // The simulator shuffles the order of threads and blocks anew at each launch.
    [<Theory; MemberData("All")>]
    member _.``Repetition does not change a bit`` (name: string) =
        let spec = ops[name]
        check name (max 3 (draws / 10)) (fun choices ->
            let case = draw spec 5_000 choices
            onDevice (fun () ->
                let inputs = move (single case)
                let run () =
                    let outputs, gradients = forwardAndBackward spec case inputs
                    allBits (home outputs), allBits (home gradients)
                let expected = run ()
                if Seq.forall (fun _ -> run () = expected) (seq { 1 .. 2 }) then None else Some $"{case}: other bits the second time"))
