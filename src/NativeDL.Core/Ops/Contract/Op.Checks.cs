using System.Runtime.CompilerServices;

namespace NativeDL;

public abstract partial class Op
{
    /// <summary>The error of an operation that has no (further) derivative.</summary>
    /// <param name="why">The reason.</param>
    protected GradientException NoDerivative(string why) => Error.Gradient(Name, why);

    /// <summary>Refuses operands of different element types.</summary>
    protected void RequireSameDType(Operands x)
    {
        for (int i = 1; i < x.Count; i++)
            if (x[i].DType != x[0].DType) throw Mixed(x[0], x[i]);
    }

    /// <summary>Refuses an operand that is not floating-point.</summary>
    protected void RequireFloating(Tensor x)
    {
        if (!x.DType.IsFloating()) throw NotFloating(x);
    }

    /// <summary>Refuses an operand that does not hold whole numbers.</summary>
    private protected void RequireWhole(Tensor x)
    {
        if (x.DType.IsFloating() || x.DType == DType.Bool)
        {
            throw Error.DType(Name, "the operand must hold whole numbers", $"{x.DType} {x.Shape}", "Int32, Int64 or UInt8",
                x.DType == DType.Bool ? "truth values have And, Or, Xor and Not" : "convert it with Cast");
        }
    }

    /// <summary>Refuses an operand whose element type has no arithmetic.</summary>
    protected void RequireNumber(Tensor x)
    {
        if (x.DType is DType.Bool or DType.UInt8) throw NoNumber(x);
    }

    // Apart, as the errors below: inlined, the room of their texts on the stack would be cleared at each small operation.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private DTypeMismatchException NotFloating(Tensor x) =>
        Error.DType(Name, "the operand must be floating-point", $"{x.DType} {x.Shape}", "Float32, Float64, BFloat16 or Float16", "convert it with Cast");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private DTypeMismatchException NoNumber(Tensor x) =>
        Error.DType(Name, "the element type has no arithmetic", $"{x.DType} {x.Shape}", "a floating-point type, Int32 or Int64", "convert it with Cast");

    /// <summary>The error of an <see cref="Infer"/> that leaves a result out.</summary>
    private InvalidInputException NothingInferred(ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs)
    {
        int i = outputs.IndexOf((Tensor)null!);
        return Error.Input(Name, $"Infer says nothing of result {i}", $"operands {Tensors.Of(inputs)}",
            $"shape and element type of {(outputs.Length == 1 ? "the result" : $"each of {outputs.Length} results")}",
            $"y[{i}] = x[0] or y.Set({i}, shape, dtype)");
    }

    /// <summary>The device of all operands, where they agree on one; floating-point operands have one element type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Device DeviceOf(ReadOnlySpan<Tensor> inputs, out bool masked)
    {
        // The common cases first: they are all that a small operation has time for.
        var first = inputs.Length > 0 ? inputs[0] : null;
        if (first is not null && inputs.Length == 1)
        {
            masked = first.IsMasked;
            return first.Device;
        }
        if (first is not null && inputs.Length == 2 && inputs[1] is { } second && first.DType == second.DType && ReferenceEquals(first.Device, second.Device))
        {
            masked = first.IsMasked | second.IsMasked;
            return first.Device;
        }
        return DeviceOfAll(inputs, out masked);
    }

    private Device DeviceOfAll(ReadOnlySpan<Tensor> inputs, out bool masked)
    {
        masked = false;
        if (inputs.Length == 0) throw Error.Input(Name, "the operation needs an operand", "none");
        RequireThere(inputs);
        var device = inputs[0].Device;
        Tensor? number = null;
        foreach (var x in inputs)
        {
            masked |= x.IsMasked;
            if (!ReferenceEquals(x.Device, device))
            {
                // A constant beside a symbol becomes part of the graph.
                if (ReferenceEquals(x.Device, Device.Symbolic) || ReferenceEquals(device, Device.Symbolic)) device = Device.Symbolic;
                else
                    throw Error.Device(Name, "the operands live on two devices", $"{device} {inputs[0].Shape} and {x.Device} {x.Shape}", "one device for all",
                        "move one of them with To");
            }
            if (!x.DType.IsFloating()) continue;
            number ??= x;
            if (x.DType != number.DType && !((Traits & OpTraits.MixedTypes) != 0 && number.DType.IsHalf() && x.DType == DType.Float32)) throw Mixed(number, x);
        }
        return device;
    }

    private void RequireThere(ReadOnlySpan<Tensor> inputs)
    {
        if (inputs.IndexOf((Tensor)null!) is >= 0 and var missing) throw new ArgumentNullException(nameof(inputs), $"{Name}: operand {missing} is null.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private protected DTypeMismatchException Mixed(Tensor a, Tensor b) =>
        Error.DType(Name, "the operands have different element types", $"{a.DType} {a.Shape} and {b.DType} {b.Shape}", "one type for all",
            (a.DType, b.DType) is (DType.Float32, DType.Float64) or (DType.Float64, DType.Float32)
                ? "1.5 is a double in C#, and FromArray makes Float64 of doubles: give it DType.Float32, use Tensor.Of, or convert one of the operands with Cast"
                : "convert one of them with Cast");
}
