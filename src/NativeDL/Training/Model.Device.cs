namespace NativeDL;

public partial class Model
{
    private Device? home;

    /// <summary>Where the model computes: where its parameters are; before they are made, where <see cref="To"/> said, or the default device.</summary>
    public Device Device => Tree().SelectMany(l => l.OwnParameters).FirstOrDefault(p => !p.Value.IsDeferred)?.Value.Device ?? home ?? Device.Default;

    /// <summary>Moves the parameters to a device, with the optimizer's state as it next steps; parameters that are not made yet are made there.</summary>
    /// <param name="device">The device.</param>
    /// <returns>The same model.</returns>
    public Model To(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        home = device;
        foreach (var parameter in Parameters) parameter.MoveTo(device);
        return this;
    }

    /// <summary>Whether the parameters are made and have values.</summary>
    internal bool HasValues => IsBuilt && Parameters.All(p => !p.Value.IsDeferred);

    /// <summary>Of a model that is built: has first values made now, where the model computes, and not in the turn of its layers.</summary>
    internal void MakeValues()
    {
        var device = Device;
        foreach (var parameter in IsBuilt ? Parameters : [])
        {
            if (parameter.Value.IsDeferred) parameter.MoveTo(device);
            _ = parameter.Value.Address;
        }
    }

    /// <summary>Calls the model with a batch that is on its device, masks and all.</summary>
    internal Tensors CallWith(Batch batch, CallContext call, string method)
    {
        if (batch.Masks.Count > 0)
        {
            // Inputs without names are in the model's order, and so go by the model's names.
            var inputs = batch.Inputs.GivenNames ?? (graph?.Inputs.Count == batch.Inputs.Count ? graph.Inputs.Names : null);
            if (batch.Masks.GivenNames is { } names && inputs is not null && names.FirstOrDefault(n => !inputs.Contains(n)) is { } lost)
                throw Error.Input($"{Name}.{method}", $"the mask '{lost}' has no input", null, $"one of {string.Join(", ", inputs)}");
            bool byName = batch.Masks.GivenNames is not null && inputs is not null;
            if (!byName && batch.Masks.Count != batch.Inputs.Count)
                throw Error.Input($"{Name}.{method}", "the number of masks is not that of the inputs", $"{batch.Masks} for {batch.Inputs}", "one for each");
            var masks = batch.Masks;
            var masked = batch.Inputs.Select((x, i) => !byName ? x.WithMask(masks[i]) : masks.Names!.Contains(inputs![i]) ? x.WithMask(masks[inputs[i]]) : x);
            batch = batch with { Inputs = Tensors.Of([.. masked]).NamedAs(batch.Inputs) };
        }
        return Call(batch.Inputs, call);
    }
}
