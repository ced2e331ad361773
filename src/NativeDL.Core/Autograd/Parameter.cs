namespace NativeDL;

/// <summary>
/// A named value that training changes: a kernel, a bias, a running mean. It converts to the tensor of its
/// current value wherever a tensor is expected, and tapes follow it while it is trainable.
/// </summary>
public sealed partial class Parameter : IFormattable
{
    private Tensor value;
    private bool trainable;

    /// <summary>A parameter that starts as a copy of <paramref name="value"/>.</summary>
    /// <param name="name">The last part of its path, such as <c>kernel</c>.</param>
    /// <param name="value">The first value, of any shape.</param>
    /// <param name="trainable">Whether gradients flow to it and optimizers change it.</param>
    public Parameter(string name, Tensor value, bool trainable = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        Name = name;
        using (TensorScope.Suspend()) this.value = value.Clone();
        Trainable = trainable;
    }

    private Parameter(Tensor value, string name) => (this.value, Name) = (value, name);

    /// <summary>A parameter whose value is a tensor that nobody else holds.</summary>
    internal static Parameter Holding(string name, Tensor value, bool trainable) => new(value, name) { Trainable = trainable };

    /// <summary>
    /// The name it was made with, for messages: in a model its path there, such as <c>conv2d/kernel</c>. Files name a parameter
    /// by its place in the model that is saved: <c>Layer.NamedParameters</c>.
    /// </summary>
    public string Name { get; }

    /// <summary>The current value. An optimizer's step overwrites its memory in place.</summary>
    public Tensor Value => value;

    /// <summary>The dimensions.</summary>
    public Shape Shape => value.Shape;

    /// <summary>The element type.</summary>
    public DType DType => value.DType;

    /// <summary>Whether gradients flow to the parameter. A frozen parameter keeps its value to the bit.</summary>
    public bool Trainable
    {
        get => trainable;
        set
        {
            trainable = value && this.value.DType.IsFloating();
            this.value.Node = trainable ? Node.ForLeaf() : null;
        }
    }

    /// <summary>Makes of the value after an optimizer's step the one that the parameter takes; null: the same.</summary>
    internal Func<Tensor, Tensor>? Constraint { get; set; }

    /// <summary>The parameter's current value.</summary>
    public static implicit operator Tensor(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.value;
    }

    /// <summary>The parameter's current value.</summary>
    public Tensor ToTensor() => value;

    /// <summary>−p, for the current value of the parameter. The operators with tensors, parameters and numbers are generated.</summary>
    public static Tensor operator -(Parameter parameter) => -(Tensor)parameter;

    /// <summary>Overwrites the value.</summary>
    /// <param name="newValue">A tensor of the same shape and element type; it is copied.</param>
    /// <exception cref="ShapeMismatchException">The shape is another.</exception>
    public void Assign(Tensor newValue)
    {
        RequireFits(newValue);
        if (value.IsDeferred)
        {
            using (TensorScope.Suspend()) value.Fulfil(newValue.StopGradient().Clone());
            return;
        }
        // A view of the value itself, such as its transpose, would be read where it was already overwritten.
        Tensor.CopyInto(newValue.SharesMemoryWith(value) ? newValue.Copy() : newValue, value);
        value.BumpVersion();
    }

    /// <summary>As <see cref="Assign"/>, where a Bool scalar is true, which nobody reads; without one always.</summary>
    internal void AssignWhere(Tensor? condition, Tensor newValue)
    {
        RequireFits(newValue);
        Assign(condition is null ? newValue : Tensor.Where(condition.To(value.Device), newValue, value.StopGradient()));
    }

    /// <summary>
    /// As <see cref="Assign"/>; but where a tape is open, which may have saved the value, a state that no gradient reaches becomes
    /// another tensor, and what was saved stays.
    /// </summary>
    internal void Replace(Tensor newValue)
    {
        if (!GradientTape.IsRecording || value.Node is not null || value.IsDeferred || newValue.Shape != Shape || newValue.DType != DType
            || newValue.Device != value.Device) Assign(newValue);
        else using (TensorScope.Suspend()) value = newValue.StopGradient().Clone();
    }

    /// <summary>As <see cref="Assign"/>, of a tensor that nobody else holds: where the first values were not made yet it becomes the value itself.</summary>
    internal void Take(Tensor newValue)
    {
        if (!value.IsDeferred) Assign(newValue);
        else using (TensorScope.Suspend()) value.Fulfil(newValue);
    }

    /// <summary>Puts another tensor in the value's place as it is, leaf and all; for checks that vary parameters.</summary>
    internal void Exchange(Tensor other) => value = other;

    /// <summary>Moves the value to another device; its tensor is then a new one.</summary>
    internal void MoveTo(Device device)
    {
        if (value.Device == device) return;
        using (TensorScope.Suspend()) value = value.IsDeferred ? value.DeferredOn(device) : value.To(device);
        Trainable = trainable;
    }

    /// <summary>Converts the value to another element type; its tensor is then a new one.</summary>
    internal void CastTo(DType dtype)
    {
        if (value.DType == dtype || !value.DType.IsFloating()) return;
        using (TensorScope.Suspend()) value = value.Cast(dtype).Clone();
        Trainable = trainable;
    }

    /// <summary>Name and shape.</summary>
    public override string ToString() => Describe();

    /// <summary>Name and shape, and, where a format asks for numbers, the elements: <c>$"{kernel:F3}"</c>.</summary>
    /// <inheritdoc cref="Tensor.ToString(string?, IFormatProvider?)"/>
    public string ToString(string? format, IFormatProvider? formatProvider) =>
        string.IsNullOrEmpty(format) ? Describe() : $"{Describe()}\n{value.ToString(format, formatProvider)}";

    private void RequireFits(Tensor newValue)
    {
        ArgumentNullException.ThrowIfNull(newValue);
        if (newValue.Shape != Shape) throw Error.Shape($"Parameter({Name}).Assign", "a parameter keeps its shape", $"{newValue.Shape}", $"{Shape}");
        if (newValue.DType != DType) throw Error.DType($"Parameter({Name}).Assign", "a parameter keeps its element type", $"{newValue.DType}", $"{DType}");
    }

    private string Describe() => $"{Name} {Shape} {DType}{(Trainable ? "" : " (not trainable)")}";
}
