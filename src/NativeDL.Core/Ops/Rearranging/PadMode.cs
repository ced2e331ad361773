namespace NativeDL;

/// <summary>What stands in a border.</summary>
public enum PadMode
{
    /// <summary>A number.</summary>
    Constant,

    /// <summary>The element at the edge: a a [a b c] c c.</summary>
    Edge,

    /// <summary>The elements mirrored at the one at the edge, which does not come again: c b [a b c] b a.</summary>
    Reflect,

    /// <summary>The elements mirrored at the edge itself: b a [a b c] c b.</summary>
    Symmetric,

    /// <summary>The elements from the other end, as on a circle: b c [a b c] a b.</summary>
    Circular,
}

public sealed partial class Tensor
{
    /// <summary>The tensor with a border made of its own elements: for each axis, how many before and after. <c>[…a] -> […b]</c></summary>
    /// <param name="widths">A pair for each axis.</param>
    /// <param name="mode">What stands in the border; a constant is 0.</param>
    /// <exception cref="ShapeMismatchException">
    /// Not one pair for each axis, a negative width, or one that wants more elements than there are: one less than the size for
    /// <see cref="PadMode.Reflect"/>, the size for <see cref="PadMode.Symmetric"/> and <see cref="PadMode.Circular"/>.
    /// </exception>
    public Tensor Pad(IReadOnlyList<(int Before, int After)> widths, PadMode mode)
    {
        ArgumentNullException.ThrowIfNull(widths);
        if (mode == PadMode.Constant) return Pad(widths);
        RequireWidths(widths);
        var result = this;
        for (int a = 0; a < Rank; a++)
        {
            var (before, after) = widths[a];
            if (before == 0 && after == 0) continue;
            int n = Shape[a], most = mode switch { PadMode.Reflect => n - 1, PadMode.Edge => n == 0 ? 0 : int.MaxValue, _ => n };
            if (before > most || after > most)
                throw Error.Shape("pad", $"a border of this kind is wider than axis {a} has elements for", $"{mode} widths {widths[a]} for shape {Shape}",
                    $"at most {Math.Max(0, most)}");
            var x = result;
            Tensor Part(int start, int length) => x.Narrow(a, start, length);
            var (first, last) = mode switch
            {
                PadMode.Edge => (Part(0, 1).BroadcastTo(x.Shape.With(a, before)), Part(n - 1, 1).BroadcastTo(x.Shape.With(a, after))),
                PadMode.Reflect => (Part(1, before).Flip(a), Part(n - 1 - after, after).Flip(a)),
                PadMode.Symmetric => (Part(0, before).Flip(a), Part(n - after, after).Flip(a)),
                PadMode.Circular => (Part(n - before, before), Part(0, after)),
                _ => throw Error.Input("pad", "there is no such kind of border", $"{mode}", string.Join(", ", Enum.GetNames<PadMode>())),
            };
            result = Concat([first, x, last], a);
        }
        return result;
    }
}

internal abstract class PadModeSpec : IOp
{
    public static OpSpec Spec => new("pad_mode", "[…a] -> […b]", d =>
    {
        var x = d.Tensor(d.Shape(0, 4));
        var mode = d.OneOf(PadMode.Edge, PadMode.Reflect, PadMode.Symmetric, PadMode.Circular);
        (int, int)[] widths = [.. x.Shape.Select(n => mode == PadMode.Reflect ? n - 1 : n)
            .Select(most => (d.Int(0, Math.Min(3, most)), d.Int(0, Math.Min(3, most))))];
        return new OpCase([x], t => [t[0].Pad(widths, mode)], $"{mode}, widths {string.Join(", ", widths)}");
    })
    { Flops = _ => 0, Composed = true, ReductionLength = c => c.Elements };
}
