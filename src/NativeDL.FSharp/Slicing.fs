namespace NativeDL.FSharp

open System
open NativeDL

/// <summary>
/// F#'s brackets for tensors of one to four places: <c>x[0]</c>, <c>x[-1]</c>, <c>x[1..3]</c>, <c>x[*, 0]</c>, <c>x[1, 2..]</c>.
/// A number takes its axis away, a range keeps it; axes not named are whole. Both ends of a range belong to it, as
/// everywhere in F#, and negative numbers count from the end: <c>x[-3..]</c> is the last three, <c>x[.. -2]</c>, with a space,
/// all but the last. The results are views.
/// </summary>
[<AutoOpen>]
module Slicing =

    let private at (i: int) = TensorIndex.op_Implicit i

    let private range first last =
        let start = match first with Some i when i < 0 -> Index(-i, true) | Some i -> Index i | None -> Index.Start
        let stop = match last with Some i when i < 0 -> Index(-i - 1, true) | Some i -> Index(i + 1) | None -> Index.End
        Range(start, stop)

    let private span first last = TensorIndex.op_Implicit (range first last)

    let private part (x: Tensor) (places: TensorIndex list) = x.Part(ReadOnlySpan(List.toArray places))

    type Tensor with

        /// <summary>What is at a place; negative numbers count from the end: <c>[a, …] -> […]</c>.</summary>
        /// <example><code>x[-1]</code></example>
        member x.Part with get (a: int) = part x [ at a ]

        /// <summary>What is at two places; negative numbers count from the end: <c>[a, b, …] -> […]</c>.</summary>
        /// <example><code>x[-1, 0]</code></example>
        member x.Part with get (a: int, b: int) = part x [ at a; at b ]

        /// <summary>What is at three places; negative numbers count from the end: <c>[a, b, c, …] -> […]</c>.</summary>
        /// <example><code>x[-1, 0, 2]</code></example>
        member x.Part with get (a: int, b: int, c: int) = part x [ at a; at b; at c ]

        /// <summary>What is at four places; negative numbers count from the end: <c>[a, b, c, d, …] -> […]</c>.</summary>
        /// <example><code>x[-1, 0, 2, 1]</code></example>
        member x.Part with get (a: int, b: int, c: int, d: int) = part x [ at a; at b; at c; at d ]

        /// <summary>A part: <c>[a, …] -> [a′, …]</c>.</summary>
        /// <example><code>x[1..3]</code></example>
        member x.GetSlice(a0: int option, a1: int option) = part x [ span a0 a1 ]

        /// <summary>A part: <c>[a, b, …] -> [a′, b, …]</c>.</summary>
        /// <example><code>x[1..3, *]</code></example>
        member x.GetSlice(a0: int option, a1: int option, b0: int option, b1: int option) = part x [ span a0 a1; span b0 b1 ]

        /// <summary>A part: <c>[a, b, …] -> [a′, …]</c>.</summary>
        /// <example><code>x[1..3, 0]</code></example>
        member x.GetSlice(a0: int option, a1: int option, b: int) = part x [ span a0 a1; at b ]

        /// <summary>A part: <c>[a, b, …] -> [b, …]</c>.</summary>
        /// <example><code>x[0, *]</code></example>
        member x.GetSlice(a: int, b0: int option, b1: int option) = part x [ at a; span b0 b1 ]

        /// <summary>A part: <c>[a, b, c, …] -> [a′, b, c, …]</c>.</summary>
        /// <example><code>x[1..3, *, *]</code></example>
        member x.GetSlice(a0: int option, a1: int option, b0: int option, b1: int option, c0: int option, c1: int option) =
            part x [ span a0 a1; span b0 b1; span c0 c1 ]

        /// <summary>A part: <c>[a, b, c, …] -> [a′, b, …]</c>.</summary>
        /// <example><code>x[1..3, *, 0]</code></example>
        member x.GetSlice(a0: int option, a1: int option, b0: int option, b1: int option, c: int) = part x [ span a0 a1; span b0 b1; at c ]

        /// <summary>A part: <c>[a, b, c, …] -> [a′, c, …]</c>.</summary>
        /// <example><code>x[1..3, 0, *]</code></example>
        member x.GetSlice(a0: int option, a1: int option, b: int, c0: int option, c1: int option) = part x [ span a0 a1; at b; span c0 c1 ]

        /// <summary>A part: <c>[a, b, c, …] -> [a′, …]</c>.</summary>
        /// <example><code>x[1..3, 0, 0]</code></example>
        member x.GetSlice(a0: int option, a1: int option, b: int, c: int) = part x [ span a0 a1; at b; at c ]

        /// <summary>A part: <c>[a, b, c, …] -> [b, c, …]</c>.</summary>
        /// <example><code>x[0, *, *]</code></example>
        member x.GetSlice(a: int, b0: int option, b1: int option, c0: int option, c1: int option) = part x [ at a; span b0 b1; span c0 c1 ]

        /// <summary>A part: <c>[a, b, c, …] -> [b, …]</c>.</summary>
        /// <example><code>x[0, *, 0]</code></example>
        member x.GetSlice(a: int, b0: int option, b1: int option, c: int) = part x [ at a; span b0 b1; at c ]

        /// <summary>A part: <c>[a, b, c, …] -> [c, …]</c>.</summary>
        /// <example><code>x[0, 0, *]</code></example>
        member x.GetSlice(a: int, b: int, c0: int option, c1: int option) = part x [ at a; at b; span c0 c1 ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [a′, b, c, d, …]</c>.</summary>
        /// <example><code>x[1..3, *, *, *]</code></example>
        member x.GetSlice(a0: int option, a1: int option, b0: int option, b1: int option, c0: int option, c1: int option, d0: int option, d1: int option) =
            part x [ span a0 a1; span b0 b1; span c0 c1; span d0 d1 ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [a′, b, c, …]</c>.</summary>
        /// <example><code>x[1..3, *, *, 0]</code></example>
        member x.GetSlice(a0: int option, a1: int option, b0: int option, b1: int option, c0: int option, c1: int option, d: int) =
            part x [ span a0 a1; span b0 b1; span c0 c1; at d ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [a′, b, d, …]</c>.</summary>
        /// <example><code>x[1..3, *, 0, *]</code></example>
        member x.GetSlice(a0: int option, a1: int option, b0: int option, b1: int option, c: int, d0: int option, d1: int option) =
            part x [ span a0 a1; span b0 b1; at c; span d0 d1 ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [a′, b, …]</c>.</summary>
        /// <example><code>x[1..3, *, 0, 0]</code></example>
        member x.GetSlice(a0: int option, a1: int option, b0: int option, b1: int option, c: int, d: int) = part x [ span a0 a1; span b0 b1; at c; at d ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [a′, c, d, …]</c>.</summary>
        /// <example><code>x[1..3, 0, *, *]</code></example>
        member x.GetSlice(a0: int option, a1: int option, b: int, c0: int option, c1: int option, d0: int option, d1: int option) =
            part x [ span a0 a1; at b; span c0 c1; span d0 d1 ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [a′, c, …]</c>.</summary>
        /// <example><code>x[1..3, 0, *, 0]</code></example>
        member x.GetSlice(a0: int option, a1: int option, b: int, c0: int option, c1: int option, d: int) = part x [ span a0 a1; at b; span c0 c1; at d ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [a′, d, …]</c>.</summary>
        /// <example><code>x[1..3, 0, 0, *]</code></example>
        member x.GetSlice(a0: int option, a1: int option, b: int, c: int, d0: int option, d1: int option) = part x [ span a0 a1; at b; at c; span d0 d1 ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [a′, …]</c>.</summary>
        /// <example><code>x[1..3, 0, 0, 0]</code></example>
        member x.GetSlice(a0: int option, a1: int option, b: int, c: int, d: int) = part x [ span a0 a1; at b; at c; at d ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [b, c, d, …]</c>.</summary>
        /// <example><code>x[0, *, *, *]</code></example>
        member x.GetSlice(a: int, b0: int option, b1: int option, c0: int option, c1: int option, d0: int option, d1: int option) =
            part x [ at a; span b0 b1; span c0 c1; span d0 d1 ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [b, c, …]</c>.</summary>
        /// <example><code>x[0, *, *, 0]</code></example>
        member x.GetSlice(a: int, b0: int option, b1: int option, c0: int option, c1: int option, d: int) = part x [ at a; span b0 b1; span c0 c1; at d ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [b, d, …]</c>.</summary>
        /// <example><code>x[0, *, 0, *]</code></example>
        member x.GetSlice(a: int, b0: int option, b1: int option, c: int, d0: int option, d1: int option) = part x [ at a; span b0 b1; at c; span d0 d1 ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [b, …]</c>.</summary>
        /// <example><code>x[0, *, 0, 0]</code></example>
        member x.GetSlice(a: int, b0: int option, b1: int option, c: int, d: int) = part x [ at a; span b0 b1; at c; at d ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [c, d, …]</c>.</summary>
        /// <example><code>x[0, 0, *, *]</code></example>
        member x.GetSlice(a: int, b: int, c0: int option, c1: int option, d0: int option, d1: int option) = part x [ at a; at b; span c0 c1; span d0 d1 ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [c, …]</c>.</summary>
        /// <example><code>x[0, 0, *, 0]</code></example>
        member x.GetSlice(a: int, b: int, c0: int option, c1: int option, d: int) = part x [ at a; at b; span c0 c1; at d ]

        /// <summary>A part: <c>[a, b, c, d, …] -> [d, …]</c>.</summary>
        /// <example><code>x[0, 0, 0, *]</code></example>
        member x.GetSlice(a: int, b: int, c: int, d0: int option, d1: int option) = part x [ at a; at b; at c; span d0 d1 ]

    type Sequential with

        /// <summary>A model of some of the layers, with the same parameters; both ends belong to it, and negative numbers count from the end.</summary>
        /// <example><code>net[.. -2]   // all but the last</code></example>
        member net.GetSlice(first: int option, last: int option) =
            let struct (start, length) = (range first last).GetOffsetAndLength net.Count
            net.Slice(start, length)
