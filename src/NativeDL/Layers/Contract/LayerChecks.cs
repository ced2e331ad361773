namespace NativeDL;

/// <summary>Gradient checks for layers and models.</summary>
public static class LayerChecks
{
    /// <summary>
    /// Compares the layer's gradients with respect to its input and every trainable parameter with finite differences, in float64.
    /// </summary>
    /// <param name="layer">The layer; its parameters come back as they were.</param>
    /// <param name="input">An input, away from the layer's kinks.</param>
    /// <param name="training">Whether the training mode is checked; the random state is held still.</param>
    /// <param name="options">Step and tolerances.</param>
    /// <returns>A report that names the worst element: input 0 is the layer's input, the others are its parameters in order.</returns>
    public static GradCheckReport CheckGradients(this Layer layer, Tensor input, bool training = false, GradCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(input);
        if (!layer.IsBuilt) layer.Call(input.DType.IsFloating() ? input.Cast(DType.Float32) : input); // makes the parameters
        var parameters = layer.Parameters;
        var before = parameters.Select(p => p.Value).ToList();
        var random = RandomState.Default.State;
        // Statistics that are no gradient's business are exact copies, renewed before every call: a call in training mode changes them.
        var statistics = parameters.Where(p => !p.Trainable).Select(p => (Parameter: p, Value: p.Value.Cast(DType.Float64).Clone())).ToList();
        var trained = parameters.Where(p => p.Trainable).ToList();
        try
        {
            return GradCheck.Run(points =>
            {
                RandomState.Default.State = random;
                for (int i = 0; i < trained.Count; i++) trained[i].Exchange(points[i + 1]);
                foreach (var (parameter, value) in statistics) parameter.Exchange(value.Clone());
                return [layer.Call(points[0], training)];
            }, [input, .. trained.Select(p => p.Value.Clone())], options);
        }
        finally
        {
            for (int i = 0; i < before.Count; i++) parameters[i].Exchange(before[i]);
            RandomState.Default.State = random;
        }
    }
}
