namespace NativeDL;

/// <summary>What normalizations ask of numbers for each channel.</summary>
internal static class Channels
{
    /// <summary>
    /// The shape of the first operand, <c>[…, c]</c>, with what is known of c from any operand; refuses others that are not <c>[c]</c>.
    /// </summary>
    /// <param name="op">Who asks.</param>
    /// <param name="x">The data, and after it numbers for each channel.</param>
    /// <param name="names">What those are called, for the error.</param>
    public static Shape Require(string op, Operands x, params ReadOnlySpan<string> names)
    {
        var shape = x[0].Shape;
        if (shape.Rank == 0) throw Error.Shape(op, "there is no channel axis", $"{shape}", "[…, c]");
        Shape channels = [shape.Dimension(^1)];
        for (int i = 0; i < names.Length; i++)
        {
            if (!x[1 + i].Shape.IsCompatible(channels)) throw Misfit(op, x, names);
            channels = channels.Merge(x[1 + i].Shape);
        }
        return shape.Dimension(^1) == channels.Dimension(0) ? shape : shape.With(shape.Rank - 1, channels.Dimension(0));
    }

    private static ShapeMismatchException Misfit(string op, Operands x, ReadOnlySpan<string> names)
    {
        string all = string.Join(" and ", names.ToArray()), got = $"x {x[0].Shape}";
        for (int i = 0; i < names.Length; i++) got += $", {names[i]} {x[1 + i].Shape}";
        return Error.Shape(op, $"{all} need{(names.Length == 1 ? "s" : "")} one element for each channel", got, $"{all} {x[0].Shape[^1..]}");
    }
}
