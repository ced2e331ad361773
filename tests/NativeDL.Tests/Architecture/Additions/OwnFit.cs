using NativeDL.Layers;
using NativeDL.Recipes;

namespace NativeDL.Tests.Additions;

/// <summary>A recipe that is no classifier.</summary>
[Registered("test.own_fit")]
public sealed class OwnFit : Recipe
{
    public override string Description => "fits a sine";

    public override string Dataset => "test.own_sine";

    public override int Epochs => 8;

    public override int BatchSize => 8;

    public override string Optimization => "Adam";

    public override Model Build() => new Sequential { new Dense(16, "tanh"), new Dense(1) };

    public override void Compile(Model model, long steps) => model.Compile(new Adam(0.02), "mse", ["mae"]);

    public override Findings Test(Model model, Dataset test, CancellationToken cancellationToken = default) =>
        new Curve(model.Evaluate(test, cancellationToken: cancellationToken));

    private sealed class Curve(Logs measured) : Findings(measured)
    {
        public override IEnumerable<ReportSection> Sections(Recipe recipe, Dataset test) => [new("Sine", "the curve itself", "<p>…</p>")];
    }
}
