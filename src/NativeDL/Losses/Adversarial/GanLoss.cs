namespace NativeDL;

/// <summary>
/// What the two nets of a generative adversarial network make small: the discriminator tells real rows from made ones, the generator makes rows that it
/// takes for real. (spec 5.17, 5.18, 13)
/// </summary>
/// <example>One step of each:
/// <code>
/// var loss = GanLoss.Minimax(fromLogits: true);
/// using (var tape = new GradientTape())
/// {
///     var made = generator.Call(noise, training: true).StopGradient();
///     var value = loss.Discriminator(real: discriminator.Call(x, training: true), fake: discriminator.Call(made, training: true));
///     first.Apply(discriminator.TrainableParameters, tape.Gradient(value, discriminator.TrainableParameters));
/// }
/// using (var tape = new GradientTape())
/// {
///     var value = loss.Generator(fake: discriminator.Call(generator.Call(noise, training: true), training: true));
///     second.Apply(generator.TrainableParameters, tape.Gradient(value, generator.TrainableParameters));
/// }
/// </code></example>
public abstract class GanLoss
{
    /// <summary>The discriminator's loss: a scalar.</summary>
    /// <param name="real">What it says of real rows, <c>[N, …]</c>.</param>
    /// <param name="fake">What it says of made ones, <c>[M, …]</c>.</param>
    public abstract Tensor Discriminator(Tensor real, Tensor fake);

    /// <summary>The generator's loss: a scalar.</summary>
    /// <param name="fake">What the discriminator says of made rows, <c>[M, …]</c>.</param>
    public abstract Tensor Generator(Tensor fake);

    /// <summary>
    /// −V = −E[log D(x)] − E[log(1 − D(G(z)))] for the discriminator; for the generator −E[log D(G(z))], which has a gradient where the
    /// discriminator is sure, or V's own term E[log(1 − D(G(z)))] (Goodfellow et al. 2014).
    /// </summary>
    /// <param name="fromLogits">Whether the discriminator gives logits; safer and faster.</param>
    /// <param name="saturating">Whether the generator takes V's own term.</param>
    public static GanLoss Minimax(bool fromLogits = false, bool saturating = false) => new MinimaxLoss(fromLogits, saturating);

    /// <summary>½·E[(D(x) − 1)²] + ½·E[D(G(z))²] for the discriminator, ½·E[(D(G(z)) − 1)²] for the generator (Mao et al. 2017).</summary>
    public static GanLoss LeastSquares() => new LeastSquaresLoss();

    /// <summary>
    /// E[D(G(z))] − E[D(x)] for the discriminator, called critic here, whose scores have no bounds, and −E[D(G(z))] for the generator (Arjovsky et al. 2017).
    /// The critic's slope is kept near 1 by adding <see cref="GradientPenalty"/>.
    /// </summary>
    public static GanLoss Wasserstein() => new WassersteinLoss();

    /// <summary>E[max(0, 1 − D(x))] + E[max(0, 1 + D(G(z)))] for the discriminator, −E[D(G(z))] for the generator (Lim and Ye 2017).</summary>
    public static GanLoss Hinge() => new HingeLoss();

    /// <summary>
    /// weight·E[(‖∇D(x̂)‖ − 1)²] at random points x̂ between real and made rows, one a row (Gulrajani et al. 2017): a scalar to be added to the critic's loss.
    /// Its gradient is a second derivative; every layer of the critic must have one.
    /// </summary>
    /// <param name="critic">The critic: <c>x => critic.Call(x, training: true)</c>.</param>
    /// <param name="real">Real rows, <c>[N, …]</c>.</param>
    /// <param name="fake">Made rows of the same shape.</param>
    /// <param name="weight">How much it counts; the paper's is 10.</param>
    /// <param name="random">Where on the way between two rows.</param>
    /// <exception cref="ShapeMismatchException">The rows differ in shape.</exception>
    public static Tensor GradientPenalty(Func<Tensor, Tensor> critic, Tensor real, Tensor fake, double weight = 10, RandomState? random = null)
    {
        ArgumentNullException.ThrowIfNull(critic);
        ArgumentNullException.ThrowIfNull(real);
        ArgumentNullException.ThrowIfNull(fake);
        if (real.Rank == 0 || real.Shape != fake.Shape)
            throw Error.Shape("GanLoss.GradientPenalty", "real and made rows differ in shape", $"{real.Shape} and {fake.Shape}", "equal shapes [N, …]");
        Shape one = [real.Shape[0], .. Enumerable.Repeat(1, real.Rank - 1)];
        var share = Tensor.RandomUniformLike(real, one, random: random);
        using var tape = new GradientTape();
        var between = tape.Watch((fake + share * (real - fake)).StopGradient());
        var judged = critic(between) ?? throw Error.Input("GanLoss.GradientPenalty(critic)", "it gives null");
        var slope = tape.Gradient(judged.Sum(), between);
        return (slope.Reshape(real.Shape[0], -1).Norm(1) - 1).Square().Mean() * weight;
    }

    private sealed class MinimaxLoss(bool fromLogits, bool saturating) : GanLoss
    {
        private readonly Loss loss = Loss.BinaryCrossentropy(fromLogits);

        public override Tensor Discriminator(Tensor real, Tensor fake) => Is(1, real) + Is(0, fake);

        public override Tensor Generator(Tensor fake) => saturating ? -Is(0, fake) : Is(1, fake);

        private Tensor Is(double truth, Tensor said)
        {
            ArgumentNullException.ThrowIfNull(said);
            return loss.Call(Tensor.FullLike(said.StopGradient(), truth), said);
        }
    }

    private sealed class LeastSquaresLoss : GanLoss
    {
        public override Tensor Discriminator(Tensor real, Tensor fake) => 0.5 * ((real - 1).Square().Mean() + fake.Square().Mean());

        public override Tensor Generator(Tensor fake) => 0.5 * (fake - 1).Square().Mean();
    }

    private sealed class WassersteinLoss : GanLoss
    {
        public override Tensor Discriminator(Tensor real, Tensor fake) => fake.Mean() - real.Mean();

        public override Tensor Generator(Tensor fake) => -fake.Mean();
    }

    private sealed class HingeLoss : GanLoss
    {
        public override Tensor Discriminator(Tensor real, Tensor fake) => (1 - real).Relu().Mean() + (1 + fake).Relu().Mean();

        public override Tensor Generator(Tensor fake) => -fake.Mean();
    }
}
