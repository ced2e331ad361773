using NativeDL.Layers;
using static NativeDL.Tests.Optimizers.Training;

namespace NativeDL.Tests.Losses;

public sealed class GanLossTests
{
    [Fact]
    public void N33_minimax()
    {
        var loss = GanLoss.Minimax();
        Assert.Equal(1.386294361120, loss.Discriminator(Matrix(1, 0.5, 0.5), Matrix(1, 0.5, 0.5)).Item(), 1e-11);
        Assert.Equal(0.328504066972, loss.Discriminator(Matrix(1, 0.9), Matrix(1, 0.2)).Item(), 1e-11);
        var logits = GanLoss.Minimax(fromLogits: true);
        Assert.Equal(0.328504066972, logits.Discriminator(Matrix(1, Math.Log(9)), Matrix(1, Math.Log(0.25))).Item(), 1e-11);
        Assert.Equal(-Math.Log(0.2), loss.Generator(Matrix(1, 0.2)).Item(), 1e-14);
        Assert.Equal(Math.Log(0.8), GanLoss.Minimax(saturating: true).Generator(Matrix(1, 0.2)).Item(), 1e-14);
    }

    [Fact]
    public void N33_least_squares()
    {
        Assert.Equal(0.025, GanLoss.LeastSquares().Discriminator(Matrix(1, 0.9), Matrix(1, 0.2)).Item(), 1e-15);
        Assert.Equal(0.32, GanLoss.LeastSquares().Generator(Matrix(1, 0.2)).Item(), 1e-15);
    }

    [Fact]
    public void Wasserstein_and_hinge()
    {
        Tensor real = Matrix(1, 2, 0.5), fake = Matrix(1, -3, 1);
        Assert.Equal(-1 - 1.25, GanLoss.Wasserstein().Discriminator(real, fake).Item(), 1e-15);
        Assert.Equal(1, GanLoss.Wasserstein().Generator(fake).Item(), 1e-15);
        Assert.Equal(0.25 + 1, GanLoss.Hinge().Discriminator(real, fake).Item(), 1e-15);
        Assert.Equal(1, GanLoss.Hinge().Generator(fake).Item(), 1e-15);
    }

    [Fact]
    public void The_penalty_of_a_linear_critic_is_that_of_its_slope_and_has_its_gradient()
    {
        var w = new Parameter("w", Matrix(1, 3, 4));
        Tensor real = Tensor.RandomNormal([5, 2], 0, 1, DType.Float64, new RandomState(1)),
            fake = Tensor.RandomNormal([5, 2], 0, 1, DType.Float64, new RandomState(2));
        using var tape = new GradientTape();
        var penalty = GanLoss.GradientPenalty(x => x.MatMul(w), real, fake, weight: 2);
        Assert.Equal(2 * 16, penalty.Item(), 1e-12);
        // 2·weight·(‖w‖ − 1)·w/‖w‖
        Near([16 * 0.6, 16 * 0.8], tape.Gradient(penalty, [w])[0].ToArray<double>(), 1e-12);
        Assert.Throws<ShapeMismatchException>(() => GanLoss.GradientPenalty(x => x, real, fake[..3]));
    }

    [Fact]
    public void The_penalty_of_a_net_has_a_gradient_for_every_weight()
    {
        var critic = new Sequential { new Dense(8, "tanh"), new Dense(1) };
        Tensor real = Tensor.RandomNormal([6, 3], random: new RandomState(3)), fake = Tensor.RandomNormal([6, 3], random: new RandomState(4));
        critic.Call(real);
        using var tape = new GradientTape();
        Parameter[] kernels = [.. critic.TrainableParameters.Where(p => p.Shape.Rank == 2)];
        var gradients = tape.Gradient(GanLoss.GradientPenalty(x => critic.Call(x, training: true), real, fake), kernels);
        Assert.All(gradients, g => Assert.Contains(g.ToArray<float>(), v => v != 0 && float.IsFinite(v)));
    }
}
