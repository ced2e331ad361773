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

    /// The lines of the README's F# programs.
    let programs () = [ for found in Regex.Matches(read "README.md", "```fsharp\n(.*?)\n```", RegexOptions.Singleline) -> found.Groups[1].Value.Split '\n' ]

    /// Functions and types stand in a module, the statements from the first value on in its function run.
    let tested (program: string[]) =
        let opens, body = program |> Array.partition _.StartsWith("open ")
        let body = Array.skip 1 body
        let types, statements = body |> Array.splitAt (body |> Array.findIndex _.StartsWith("let x = "))
        let indented = statements |> Array.map (fun line -> if line = "" then "" else "    " + line)
        String.Join('\n', Array.concat [ opens; [| "" |]; types; [| "let run () =" |]; indented; [| "" |] ])

    /// What a program prints, all that its comments say in it.
    let printed (program: string[]) (run: unit -> unit) =
        let console, random = Console.Out, RandomState.Default.State
        use output = new StringWriter()
        try
            Console.SetOut output
            RandomState.SetSeed 1UL
            run ()
        finally
            Console.SetOut console
            RandomState.Default.State <- random
        let printed = string output
        let said = program |> Array.choose (fun line -> match line.Split "// " with [| code; said |] when code <> "" -> Some said | _ -> None)
        Assert.NotEmpty said
        for line in said do Assert.Contains(line, printed)
        printed

    [<Fact>]
    member _.``The programs of the README are those that are tested``() =
        let files = [ "ReadmeProgram"; "ReadmeOperation" ]
        for program, file in List.zip (programs ()) files do
            Assert.EndsWith("\n\n" + tested program, read $"tests/NativeDL.Properties/Face/{file}.fs")

    [<Fact>]
    member _.``The programs of the README print what their comments say``() =
        let report = printed (programs ()).[0] ReadmeProgram.run
        let accuracy = Regex.Match(report, @"accuracy ([\d.]+)").Groups[1].Value |> float
        Assert.True(accuracy > 85.0, report)
        printed (programs ()).[1] ReadmeOperation.run |> ignore

    [<Fact>]
    member _.``Every public function shows an example``() =
        let members = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "NativeDL.FSharp.xml")).Descendants "member" |> Seq.toList
        let name (entry: XElement) = string (entry.Attribute "name" |> nonNull).Value
        let functions = members |> List.filter (fun entry -> Regex.IsMatch(name entry, "^[MP]:") && not ((name entry).Contains "Operand"))
        Assert.True(functions.Length > 100, $"{functions.Length} functions")
        Assert.Empty(functions |> List.filter (fun entry -> isNull (entry.Element "example") || isNull (entry.Element "summary")) |> List.map name)
