namespace NativeDL;

// Compositions; what they draw is constant to gradients. On a symbol they draw anew in each run of the graph.
public sealed partial class Tensor
{
    /// <summary>x plus normal noise of mean 0, another at each call. <c>[…] -> […]</c></summary>
    /// <param name="stddev">The noise's standard deviation.</param>
    /// <param name="random">Where the noise comes from; <see cref="RandomState.Default"/> unless given.</param>
    /// <exception cref="InvalidInputException">The deviation is negative or not finite.</exception>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor GaussianNoise(double stddev, RandomState? random = null)
    {
        RequireNormal("gaussian_noise", 0, stddev);
        return this + RandomNormalLike(this, stddev: stddev, random: random);
    }

    /// <summary>
    /// x times normal noise of mean 1 and deviation √(rate / (1 − rate)), which disturbs as much as dropping that share would; another at each call.
    /// <c>[…] -> […]</c> (Srivastava et al. 2014)
    /// </summary>
    /// <param name="rate">The share that a dropout of the same variance drops, from 0 to 1 (excluded).</param>
    /// <param name="random">Where the noise comes from; <see cref="RandomState.Default"/> unless given.</param>
    /// <exception cref="InvalidInputException">The rate is outside of 0 to 1.</exception>
    /// <exception cref="DTypeMismatchException">The tensor is not floating-point.</exception>
    public Tensor GaussianDropout(double rate, RandomState? random = null)
    {
        if (!(rate is >= 0 and < 1)) throw Error.Input("gaussian_dropout", "the rate is a share of elements", $"{rate}", "0 to 1, 1 excluded");
        return this * RandomNormalLike(this, mean: 1, stddev: Math.Sqrt(rate / (1 - rate)), random: random);
    }
}
