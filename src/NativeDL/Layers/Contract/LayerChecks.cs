namespace NativeDL;

/// <summary>Gradient checks for layers and models.</summary>
public static class LayerChecks
{
    /// <summary>
    /// Compares the gradients of the layer's result, and of what it adds to the loss, with respect to its input and every trainable
    /// parameter with finite differences, in float64.
    /// </summary>
    /// <param name="layer">The layer; its parameters come back as they were.</param>
    /// <param name="input">An input, away from the layer's kinks; with its mask, if it has one.</param>
    /// <param name="training">Whether the training mode is checked; the random state is held still.</param>
    /// <param name="options">Step and tolerances.</param>
    /// <returns>A report that names the worst element: input 0 is the layer's input, the others are its parameters in order.</returns>
    public static GradCheckReport CheckGradients(this Layer layer, Tensor input, bool training = false, GradCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(input);
        return CheckGradients(layer, (Tensors)input, training, options);
    }

    /// <summary>Compares the gradients of all results of a layer of several inputs, and of what it adds to the loss.</summary>
    /// <inheritdoc cref="CheckGradients(Layer, Tensor, bool, GradCheckOptions)"/>
    /// <param name="layer">The layer; its parameters come back as they were.</param>
    /// <param name="inputs">Inputs, away from the layer's kinks; whole numbers are held. With their masks, if they have some.</param>
    /// <param name="training">Whether the training mode is checked; the random state is held still.</param>
    /// <param name="options">Step and tolerances.</param>
    /// <returns>A report that names the worst element: the inputs first, then the parameters in order.</returns>
    /// <exception cref="DTypeMismatchException">The layer makes a tensor of an element type of its own.</exception>
    public static GradCheckReport CheckGradients(this Layer layer, Tensors inputs, bool training = false, GradCheckOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (inputs.Count == 0) throw Error.Input("CheckGradients", "there is no input", "none", "one or more");
        inputs.There("CheckGradients(inputs)");
        if (!layer.IsBuilt) layer.Call(inputs.Select(x => x.DType.IsFloating() ? x.Cast(DType.Float32) : x)); // makes the parameters
        var parameters = layer.Parameters;
        var before = parameters.Select(p => p.Value).ToList();
        var random = layer.OwnRandom.State;
        // Exact copies; what a call changes of them waits for a step that does not come.
        foreach (var parameter in parameters.Where(p => !p.Trainable)) parameter.Exchange(parameter.Value.Cast(DType.Float64).Clone());
        var trained = parameters.Where(p => p.Trainable).ToList();
        try
        {
            return GradCheck.Run(points =>
            {
                using var still = RandomState.Use(new RandomState(random));
                for (int i = 0; i < trained.Count; i++) trained[i].Exchange(points[inputs.Count + i]);
                var given = inputs.Select((x, i) => x.Mask is { } mask && points[i].Mask is null ? points[i].WithMask(mask) : points[i]);
                var call = CallContext.ForCheck(training);
                var outputs = layer.Call(Tensors.Of([.. given]).NamedAs(inputs), call);
                Tensor[] smooth = [.. outputs.Where(y => y.DType.IsFloating()), .. call.Losses];
                return smooth.Length > 0 ? smooth : throw Error.DType("CheckGradients", "the layer gives nothing that has a gradient", $"{outputs}",
                    "a floating-point result, or an added loss");
            }, [.. inputs, .. trained.Select(p => p.Value.Clone())], options);
        }
        catch (DTypeMismatchException e)
        {
            throw Error.DType("CheckGradients", $"the layer does not compute in one element type: {e.Message}",
                "float64 inputs and parameters, in which gradients are checked", null,
                "make constants and states like what they meet, Tensor.ZerosLike(x, …); not of Float32, nor of layer.DType, which is the type of the parameters outside of the check");
        }
        finally
        {
            for (int i = 0; i < before.Count; i++) parameters[i].Exchange(before[i]);
        }
    }
}
