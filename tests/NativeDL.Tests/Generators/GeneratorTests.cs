using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using NativeDL.Generators;

namespace NativeDL.Tests.Generators;

/// <summary>What the generators and the analyzer say of other people's code.</summary>
public sealed class GeneratorTests
{
    private const string Usings = "using NativeDL; using NativeDL.Layers; using System.Collections.Generic;\n";

    private const string Steps =
        "protected override void Infer(Operands x, Results y) => y[0] = x[0]; protected override Tensors Backward(BackwardCall call) => call.Gradient(); }";

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Preview);

    [Theory]
    [InlineData("NDL002", "Scale needs a public property Factor", "[Registered(\"my.scale\")] public class Scale(double factor) : Layer { protected override Tensor Forward(Tensor x, CallContext call) => x * factor; }")]
    [InlineData("NDL002", "Scale.Factor is a string",
        "[Registered(\"my.scale\")] public class Scale(double factor) : Layer { public string Factor => $\"{factor}\"; }")]
    [InlineData("NDL003", "parameter table cannot be kept",
        "[Registered(\"my.scale\")] public class Scale(Dictionary<int, int> table) : Layer { public Dictionary<int, int> Table => table; }")]
    [InlineData("NDL003", "setting Table cannot be kept",
        "[Registered(\"my.scale\")] public class Scale : Layer { [Setting] public Dictionary<int, int>? Table { get; set; } }")]
    [InlineData("NDL003", "setting Limit cannot be set again",
        "[Registered(\"my.scale\")] public class Scale : Layer { [Setting] public double Limit { get; init; } }")]
    [InlineData("NDL003", "setting Limit cannot be set again", "[Registered(\"my.scale\")] public class Scale : Layer { [Setting] public double Limit => 1; }")]
    [InlineData("NDL005", "such as 'my.dense'", "[Registered(\"dense\")] public class Scale : Layer { }")]
    [InlineData("NDL005", "the name 'scale' of Scale", "[Registered(\"my.scale\", \"scale\")] public class Scale : Layer { }")]
    [InlineData("NDL004", "is generic", "[Registered(\"my.scale\")] public class Scale<T> : Layer { }")]
    [InlineData("NDL004", "cannot be reached", "public class Outer { [Registered(\"my.scale\")] private class Scale : Layer { } }")]
    [InlineData("NDL004", "has no constructor", "[Registered(\"my.scale\")] public class Scale : Layer { private Scale() { } }")]
    [InlineData("NDL002", "field or property Power", "[Registered(\"my.cube\")] public partial class Cube : Op { public Cube(int power) { } " + Steps)]
    [InlineData("NDL003", "parameter table cannot be an attribute",
        "[Registered(\"my.cube\")] public partial class Cube(Dictionary<int, int> table) : Op { public int Count => table.Count; " + Steps)]
    [InlineData("NDL004", "is generic", "[Registered(\"my.cube\")] public partial class Cube<T> : Op { " + Steps)]
    [InlineData("NDL005", "such as 'my.cube'", "[Registered(\"cube\")] public class Cube : Op { " + Steps)]
    [InlineData("NDL007", "Cube must be partial", "[Registered(\"my.cube\")] public class Cube(double scale) : Op { public double Scale => scale; " + Steps)]
    [InlineData("NDL006", "is of no kind that files hold", "[Registered(\"my.thing\")] public class Thing { }")]
    [InlineData("NDL006", "is abstract", "[Registered(\"my.thing\")] public abstract class Thing : Layer { }")]
    public void A_class_that_no_file_could_make_again_is_an_error_at_its_place(string id, string message, string code)
    {
        var (said, _) = Generate(code);
        var fault = Assert.Single(said);
        Assert.Equal(id, fault.Id);
        Assert.Equal(DiagnosticSeverity.Error, fault.Severity);
        Assert.Contains(message, fault.GetMessage(null), StringComparison.Ordinal);
        Assert.True(fault.Location.GetLineSpan().StartLinePosition.Line == 1, "the line of the class");
    }

    [Theory]
    [InlineData("[Registered(\"my.scale\")] public class Scale(double factor = 2, Initializer? first = null, string? name = null) : Layer(name) { public double Factor => factor; public Initializer? First => first; }")]
    [InlineData("[Registered(\"my.loss\")] public class Mine(bool fromLogits = false) : Loss { public override bool FromLogits => fromLogits; public override Tensor PerSample(Tensor target, Tensor prediction) => prediction; }")]
    [InlineData("public class Unregistered(Dictionary<int, int> table) : Layer { public int Count => table.Count; }")]
    [InlineData("[Registered(\"my.cube\")] public sealed partial class Cube(double scale, int[]? axes = null, Padding padding = default, DType dtype = DType.Float64) : Op { public double Scale => scale; " + Steps)]
    [InlineData("partial class Around { [Registered(\"my.cube\", \"my.old_cube\")] internal partial class Cube : Op { private readonly int power; public Cube(int power) => this.power = power; " + Steps + "}")]
    [InlineData("[Registered(\"my.cube\")] public class Cube : Op { " + Steps)]
    public void A_class_whose_constructor_says_it_all_is_registered_by_code_that_compiles(string code)
    {
        var (said, compilation) = Generate(code);
        Assert.Empty(said);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
    }

    [Fact]
    public void A_class_named_Tensor_elsewhere_is_left_alone()
    {
        var compilation = Compilation("public sealed partial class Tensor { public static Tensor operator +(Tensor a, Tensor b) => a; public Tensor Exp() => this; }");
        var result = CSharpGeneratorDriver.Create(new TensorSurfaceGenerator(), new NumberOperatorGenerator()).RunGenerators(compilation).GetRunResult();
        Assert.Empty(result.GeneratedTrees);
    }

    [Theory]
    [InlineData("model.Fit(x, y, 32, 10);", "epochs: 32", "batchSize: 10")]
    [InlineData("model.Fit(new Dataset(x, y), 3);", "epochs: 3")]
    [InlineData("model.FitAsync(x, y, 3, batchSize: 8);", "epochs: 3")]
    [InlineData("model.Fit(x, y, epochs: 3, batchSize: 8); model.Fit(x, y); model.Evaluate(x, y);")]
    [InlineData("int epochs = 3, many = 8; model.Fit(x, y, epochs, many);", "batchSize: many")]
    public async Task Epochs_and_batch_size_by_position_are_warned_of(string code, params string[] named)
    {
        var compilation = Compilation($"class C {{ void M(Sequential model, Tensor x, Tensor y) {{ {code} }} }}");
        var said = await compilation.WithAnalyzers([new FitArgumentsAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.All(said, d => Assert.Equal(("NDL001", DiagnosticSeverity.Warning), (d.Id, d.Severity)));
        Assert.Equal(named, said.OrderBy(d => d.Location.SourceSpan.Start).Select(d => d.GetMessage(null).Split('\'')[1]));
    }

    private const string Forward = "protected override Tensor Forward(Tensor x, CallContext call) => x; }";

    [Theory]
    [InlineData("[Registered(\"my.scale\")] public class Scale : Layer { public double Limit { get; set; } " + Forward,
        "mark it [Setting], or make it a parameter")]
    [InlineData("[Registered(\"my.scale\")] public class Scale : Layer { public double Limit { get; init; } " + Forward, "give it 'set' for 'init'")]
    [InlineData("public abstract class Base : Layer { public double Limit { get; set; } } [Registered(\"my.scale\")] public class Scale : Base { " + Forward,
        "'Base.Limit'")]
    [InlineData("[Registered(\"my.cube\")] public class Cube : Op { public double Limit { get; set; } " + Steps,
        "its constructor's parameters, make it one of them")]
    [InlineData("[Registered(\"my.scale\")] public class Scale : Layer { [Setting] public double Limit { get; set; } public Parameter? Weight { get; private set; } internal int Calls { get; set; } public static int All { get; set; } " + Forward)]
    [InlineData("[Registered(\"my.scale\")] public class Scale(double limit) : Layer { public double Limit { get; set; } = limit; " + Forward)]
    [InlineData("public class Scale : Layer { public double Limit { get; set; } " + Forward)]
    [InlineData("[Registered(\"my.descent\")] public class Descent : Initializer { public override Tensor Create(Shape shape, RandomState random, DType dtype = DType.Float32) => Tensor.Zeros(shape); }")]
    [InlineData("public class Thing { public double Limit { get; set; } }")]
    public async Task A_property_that_no_file_keeps_is_warned_of(string code, params string[] ways)
    {
        var said = await Compilation(code).WithAnalyzers([new UnkeptSettingAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ways.Length, said.Length);
        Assert.All(said, d => Assert.Equal(("NDL008", DiagnosticSeverity.Warning, 1), (d.Id, d.Severity, d.Location.GetLineSpan().StartLinePosition.Line)));
        foreach (var (d, way) in said.Zip(ways)) Assert.Contains(way, d.GetMessage(null), StringComparison.Ordinal);
    }

    private static (ImmutableArray<Diagnostic> Said, Compilation Compilation) Generate(string code)
    {
        CSharpGeneratorDriver.Create([new ConfigurationGenerator().AsSourceGenerator(), new OpGenerator().AsSourceGenerator()], parseOptions: Language)
            .RunGeneratorsAndUpdateCompilation(Compilation(code), out var compilation, out var said);
        return (said, compilation);
    }

    private static CSharpCompilation Compilation(string code)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create("somebody", [CSharpSyntaxTree.ParseText(Usings + code, Language)], references, options);
        Assert.DoesNotContain(compilation.GetDiagnostics(), d => d.Severity == DiagnosticSeverity.Error);
        return compilation;
    }
}
