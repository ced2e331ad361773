namespace NativeDL.Tests;

/// <summary>In F# too, what would mean something else than it says does not compile, and what is easily typed from memory does.</summary>
[Trait("needs", "repository")] // and the compiler, which is only there
public class FSharpTrapTests
{
    private const string Given = """
        open System
        open NativeDL
        open NativeDL.Layers
        open NativeDL.FSharp
        let x, y = Tensor.ofSeq [ 1f; 2f; 3f ], Tensor.ofSeq [ 1f; 5f; 3f ]
        let p, model = Parameter("p", x), Model.sequential [ Dense 1 ]
        let data, image = Dataset(x, y), Tensor.zeros [ 1; 9; 9; 1 ]
        """;

    // Statements, and what the compiler says of them.
    private static readonly (string Snippet, string Error)[] Refused =
    [
        ("let less = x < y", "FS0001"),
        ("let order = compare x y", "FS0001"),
        ("let sorted = List.sort [ x; y ]", "FS0001"),
        ("let larger = max x y", "FS0001"),
        ("if x .= y then printfn \"equal\"", "FS0001"),
        ("let both = x .> 1 && x .< 3", "FS0001"),
        ("let power = x ^ 2", "FS0001"),
        ("let number: float32 = x", "FS0001"),
        ("let tensor: Tensor = 5", "FS0001"),
        ("x[0] <- y", "FS0810"),
        ("for element in x do printfn \"%O\" element", "FS0693"),
        ("x.Shape[0] <- 5", "FS0810"),
        ("let layer = Dropout 0.5f", "FS0001"),
        ("let layers = [ Dense 1; Flatten() ]", "FS0193"),
        ("let out = Dense 32 x", "FS0003"),
    ];

    private static readonly string[] Accepted =
    [
        "let a: Tensor = (x .= y) &&& (x .> 1)",
        "let a: Tensor = x + 1 - 2f * x / 3.0 + 1L * x\nlet b: Tensor = -x",
        "let a: Tensor = p + 1\nlet b: Tensor = p * p\nlet c: Tensor = x - p\nlet d: Tensor = 2 / p",
        "let a, b, c: float * float32 * int = float (x.Sum()), float32 (x.Sum()), int (x.ArgMax())",
        "let a: Tensor = exp x + log x + sqrt x + abs x + sin x + tanh x + x ** 2.0 + x ** y",
        "let a: Tensor = x.Mean()\nlet b: Tensor = x.Mean(0)\nlet c: Tensor = image.Mean(0, 1)\nlet d: Tensor = image.Mean [| 0; 1 |]\nlet e: Tensor = x.Mean(-1, keepDims = true)",
        "let a: Tensor = image.Mean((0, 1), keepDims = true)\nlet b: Tensor = image.Mean(struct (0, 1), keepDims = true)\nlet c: Tensor = image.Sum([ 0; 1 ], true)",
        "let a: Tensor = x |> Tensor.exp |> Tensor.sum [ 0 ]\nlet b: Tensor = x |> Tensor.sumKeep [ 0 ]",
        "let a: Tensor = Tensor.Zeros [| 2; 3 |]\nlet b: Tensor = Tensor.Zeros(2, 3)\nlet c: Tensor = Tensor.zeros [ 2; 3 ]\nlet d: Tensor = Tensor.zerosOf DType.Float64 [ 2; 3 ]",
        "let a: Tensor = x[1]\nlet b: Tensor = x[1..]\nlet c: Tensor = image[*, 2..4]\nlet d: Tensor = x[x .> 1]",
        "let layers: Layer list = [ MaxPool2D((3, 3), strides = 2); Conv2D(4, 3, padding = \"same\"); Dense(10, \"relu\", name = \"head\", Trainable = false) ]",
        "let image = Model.Input(28, 28, 1)\nlet meta = Model.Input(Shape.Of 4, name = \"meta\")\nlet out = Tensor.concat -1 [ image --> Flatten(); meta ] --> Dense 1\nlet net = Model((image, meta), out)",
        "let m = Model.sequential [ if x.Rank = 1 then Flatten()\n                           for _ in 1..2 do Dense 8 ]",
        "model.Compile(optimizer = \"adam\", loss = \"mse\", metrics = [ Metric.MeanAbsoluteError() ])",
        "let h = model.Fit((x, y), epochs = 1, batchSize = 2, validation = (x, y), random = 1)",
        "let h = model.Fit(x, y, epochs = 1, batchSize = 2, validation = Dataset(x, y), random = RandomState 1)",
        "let h = model.Fit((x, y), epochs = 1, validationSplit = 0.5, callbacks = [ EarlyStopping() ])",
        "let m, h = model |> Model.compile (\"adam\", \"mse\", \"mae\") |> Model.fit (data, epochs = 1, validation = data, callbacks = [ EarlyStopping() ], resume = \"run\")",
        "let rows: float32[,] = x.ExpandDims(0).ToArray2D()\nlet n: int = x.Shape[-1]\nlet same: bool = x.AllClose(y, rtol = 1e-3)",
        "use device = Device.Use \"cpu\"\nlet a: Tensor = Tensor.RandomNormal(Shape.Of(2, 3), random = 42)",
        "let several, none, same: Tensors * Tensors * Tensors = Tensors.Of(x, y), Tensors.Of(x, null), Tensors.Of [| x; y |]\nlet window, cube = Size2D 2, Size3D 2",
        "let run (op: Op) : Tensor = op.Run x + op.Run(x, y) + op.Run [| x |] + op.Run p + op.RunMany(x, p)[0]",
        "let write (s: Configuration) (kind: LossReduction) = s.SetEnum(\"kind\", kind)\nlet q: Tensor = image.TakeAlongAxis(Tensor.arange 1, 1)\nlet loss = Loss.Huber(delta = 2)",
        "let best = Model.Load<Sequential> \"best.ndl\"\nlet layer = best.GetLayer \"dense\"\nlet part: Sequential = best[.. -2]",
    ];

    private static readonly Lazy<IReadOnlyList<IReadOnlyList<string>>> Errors =
        new(() => FSharpPrograms.Errors(Given, [.. Refused.Select(r => r.Snippet), .. Accepted]));

    public static TheoryData<string> RefusedOnes => [.. Refused.Select(r => r.Snippet)];

    public static TheoryData<string> AcceptedOnes => [.. Accepted];

    [Theory]
    [MemberData(nameof(RefusedOnes))]
    public void Does_not_compile(string snippet)
    {
        int i = Array.FindIndex(Refused, r => r.Snippet == snippet);
        Assert.Contains(Errors.Value[i], e => e.StartsWith(Refused[i].Error, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(AcceptedOnes))]
    public void Compiles(string snippet)
    {
        var errors = Errors.Value[Refused.Length + Array.IndexOf(Accepted, snippet)];
        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }
}
