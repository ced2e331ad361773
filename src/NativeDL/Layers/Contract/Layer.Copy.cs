using System.Text.Json.Nodes;

namespace NativeDL;

public abstract partial class Layer
{
    /// <summary>A layer of the same class, settings and name, with copies of the parameters: nothing is shared.</summary>
    /// <exception cref="InvalidInputException">The class, or that of a layer inside, is not registered, so that it could not be made again.</exception>
    public Layer Clone()
    {
        // By way of the text, as in a file: there a number is one, whatever type it was written from.
        string settings = new ConfigurationGraph("a copy").Write(this).ToJsonString();
        var copy = new ConfigurationGraph("a copy").Read<Layer>(JsonNode.Parse(settings)!);
        if (isBuilt) copy.CopyFrom(this);
        return copy;
    }

    /// <summary>
    /// Takes over the values of another layer's parameters, which are in the same order and of the same shapes, as of a target network; one that is not built
    /// is built like the other.
    /// </summary>
    /// <param name="other">A layer that is built.</param>
    /// <exception cref="InvalidInputException">The other has no parameters yet, or another number of them.</exception>
    /// <exception cref="ShapeMismatchException">A parameter has another shape; nothing is changed then.</exception>
    public void CopyFrom(Layer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (!other.isBuilt) throw Error.Input($"{Name}.CopyFrom", "the other layer is not built, so that it has no parameters yet", $"'{other.Name}'", null,
            "call it once, or call Build with the input's shape");
        if (!isBuilt) Call(other.Signature.Select(x => Tensor.Symbolic(x.Shape, x.DType)), CallContext.ForInference(training: false));
        var (own, theirs) = (NamedParameters, other.NamedParameters);
        if (own.Count != theirs.Count) throw Error.Input($"{Name}.CopyFrom", "the layers have another number of parameters",
            $"{theirs.Count} of '{other.Name}'", $"{own.Count} of '{Name}'");
        for (int i = 0; i < own.Count; i++)
            if (own[i].Value.Shape != theirs[i].Value.Shape)
                throw Error.Shape($"{Name}.CopyFrom", "the parameters differ in shape", $"'{theirs[i].Key}' {theirs[i].Value.Shape}",
                    $"'{own[i].Key}' {own[i].Value.Shape}");
        using var scope = TensorScope.Begin();
        for (int i = 0; i < own.Count; i++) own[i].Value.Assign(theirs[i].Value.Value.StopGradient().Cast(own[i].Value.DType));
    }
}
