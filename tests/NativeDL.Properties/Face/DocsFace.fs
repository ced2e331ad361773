/// The face's documents say what is so: the README's program runs, every public function shows an example.
namespace NativeDL.Properties

open System
open System.IO
open System.Text.RegularExpressions
open System.Xml.Linq
open NativeDL
open Xunit

/// Runs beside no other test.
[<CollectionDefinition("alone", DisableParallelization = true)>]
type Alone() = class end

[<Collection "alone"; Trait("needs", "repository")>]
type DocsFace() =
    static let root =
        AppContext.BaseDirectory
        |> Seq.unfold (fun folder -> match Path.GetDirectoryName folder with null -> None | above -> Some(folder, above))
        |> Seq.tryFind (fun folder -> File.Exists(Path.Combine(folder, "NativeDL.sln")))

    let read path = File.ReadAllText(Path.Combine(Option.get root, path)).ReplaceLineEndings "\n"

    /// The lines of the README's only F# program.
    let program () = Regex.Matches(read "README.md", "```fsharp\n(.*?)\n```", RegexOptions.Singleline) |> Seq.exactlyOne |> _.Groups[1].Value.Split('\n')

    [<Fact>]
    member _.``The program of the README is the one that is tested``() =
        let opens, body = program () |> Array.partition _.StartsWith("open ")
        let indented = body |> Array.skip 1 |> Array.map (fun line -> if line = "" then "" else "    " + line)
        let expected = String.Join('\n', Array.concat [ opens; [| ""; "let run () =" |]; indented; [| "" |] ])
        Assert.EndsWith("\n\n" + expected, read "tests/NativeDL.Properties/Face/ReadmeProgram.fs")

    [<Fact>]
    member _.``The program of the README prints what its comments say``() =
        let console, random = Console.Out, RandomState.Default.State
        use output = new StringWriter()
        try
            Console.SetOut output
            RandomState.SetSeed 1UL
            ReadmeProgram.run ()
        finally
            Console.SetOut console
            RandomState.Default.State <- random
        let printed = string output
        let said = program () |> Array.choose (fun line -> match line.Split "// " with [| _; said |] -> Some said | _ -> None)
        Assert.NotEmpty said
        for line in said do Assert.Contains(line, printed)
        let accuracy = Regex.Match(printed, @"accuracy ([\d.]+)").Groups[1].Value |> float
        Assert.True(accuracy > 85.0, printed)

    [<Fact>]
    member _.``Every public function shows an example``() =
        let members = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "NativeDL.FSharp.xml")).Descendants "member" |> Seq.toList
        let name (entry: XElement) = string (entry.Attribute "name" |> nonNull).Value
        let functions = members |> List.filter (fun entry -> Regex.IsMatch(name entry, "^[MP]:") && not ((name entry).Contains "Operand"))
        Assert.True(functions.Length > 100, $"{functions.Length} functions")
        Assert.Empty(functions |> List.filter (fun entry -> isNull (entry.Element "example") || isNull (entry.Element "summary")) |> List.map name)
