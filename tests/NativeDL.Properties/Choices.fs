/// What all properties share: choices that shrink, the sizes of a run, and failures that can be replayed.
module NativeDL.Properties.Choices

open System
open FsCheck
open FsCheck.FSharp

/// Cases a property draws; NATIVEDL_DRAWS asks for more.
let draws =
    match Environment.GetEnvironmentVariable "NATIVEDL_DRAWS" with
    | null | "" -> 30
    | text -> int text

/// The fixed seed of every run; NATIVEDL_SEED=random draws another one each time, NATIVEDL_SEED=<n> replays.
let private seed =
    match Environment.GetEnvironmentVariable "NATIVEDL_SEED" with
    | null | "" -> 20260101UL
    | "random" -> uint64 (Random.Shared.NextInt64())
    | text -> uint64 text

/// Lists of choices: shorter lists and smaller numbers are simpler cases, so FsCheck's own shrinking of lists
/// shrinks operations' operands.
let private choices =
    let gen = Gen.choose (0, 9999) |> Gen.listOfLength 32
    let shrink (list: int list) =
        seq {
            for keep in [ 0; List.length list / 2; List.length list - 1 ] do
                if keep >= 0 && keep < List.length list then yield List.truncate keep list
            for i in 0 .. List.length list - 1 do
                let item = list[i]
                for smaller in [ 0; item / 2; item - 1 ] do
                    if smaller >= 0 && smaller < item then yield List.updateAt i smaller list
        }
    Arb.fromGenShrink (gen, shrink)

/// Checks `property` on drawn choices; it returns None when it holds, or what is wrong.
let check (name: string) (count: int) (property: int list -> string option) =
    let mutable reason = ""
    let body list =
        match property list with
        | None -> true
        | Some text ->
            reason <- text
            false
    let config = Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(seed, 1UL).WithQuietOnSuccess(true)
    try
        Check.One(config, Prop.forAll choices body)
    with error ->
        failwith $"{name}: {reason}\nsmallest choices found are at the end of this message; replay with NATIVEDL_SEED={seed}\n{error.Message}"
