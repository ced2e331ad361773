namespace NativeDL.Losses;

/// <summary>
/// (1/d)·Σ log cosh e of each row with e = o − y, then the mean over rows: e²/2 for small errors and |e| − log 2 for large ones, without a corner between
/// them. Gradient of an element: tanh(e)/d. (Keras' <c>log_cosh</c>)
/// </summary>
[Registered("log_cosh", "logcosh")]
public sealed class LogCosh : Loss
{
    /// <inheritdoc/>
    public override Tensor PerSample(Tensor target, Tensor prediction)
    {
        var error = prediction - Fit(target, prediction);
        // |e| + log(1 + exp(−2|e|)) − log 2 loses all digits where e² is small; log(1 + 2·sinh²(e/2)) overflows where e is large.
        Tensor size = error.Abs(), half = error.Clip(-1, 1) * 0.5;
        var near = (half.Sinh().Square() * 2).Log1p();
        var far = size + (size * -2).Softplus() - Math.Log(2);
        return Rows(Tensor.Where(size.Less(1), near, far), mean: true);
    }
}
