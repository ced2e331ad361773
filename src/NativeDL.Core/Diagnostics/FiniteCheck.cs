using System.Numerics;

namespace NativeDL;

/// <summary>Finds the first NaN or infinity.</summary>
internal static unsafe class FiniteCheck
{
    /// <summary>
    /// The first floating-point tensor with an element that is not finite, or −1. Those of a card are all looked at before one answer is read.
    /// </summary>
    public static int FirstBadOf(IReadOnlyList<Tensor> tensors)
    {
        int first = tensors.Count;
        foreach (var there in Enumerable.Range(0, tensors.Count).GroupBy(i => tensors[i].Device))
        {
            if (there.Key.IsCpu) first = there.Where(i => FirstBad(tensors[i]) >= 0).Append(first).Min();
            else
            {
                var marks = Tensor.Zeros([tensors.Count], DType.Int32, there.Key);
                foreach (int i in there) Mark(tensors[i], marks, i);
                int bad = Array.FindIndex(marks.ToArray<int>(), mark => mark != 0);
                if (bad >= 0) first = Math.Min(first, bad);
            }
        }
        return first == tensors.Count ? -1 : first;
    }

    /// <summary>Sets one of the Int32 marks where an element is not finite, and leaves it as it is otherwise. Nothing waits.</summary>
    public static void Mark(Tensor x, Tensor marks, int place = 0)
    {
        if (!x.DType.IsFloating()) return;
        if (ReferenceEquals(x.Device, marks.Device)) x.Device.MarkNotFinite(x.Packed(), marks, place);
        else
        {
            var there = Tensor.Zeros(marks.Shape, DType.Int32, x.Device);
            Mark(x, there, place);
            Tensor.CopyInto(Tensor.Maximum(marks, there.To(marks.Device)), marks);
        }
    }

    /// <summary>Position of the first element that is not finite, in row-major order, or −1.</summary>
    public static long FirstBad(Tensor x)
    {
        if (!x.DType.IsFloating()) return -1;
        x = x.To(Device.Cpu).Cast(x.DType.ComputeType()).Contiguous();
        return x.DType == DType.Float64 ? First<double>(x) : First<float>(x);
    }

    private static long First<T>(Tensor x) where T : unmanaged, INumber<T>
    {
        using var open = x.Open<T>();
        var p = open.Pointer;
        long n = x.ElementCount, i = 0;
        int w = Vector<T>.Count;
        // x − x is 0 for a finite number and NaN otherwise.
        for (; i <= n - w; i += w)
        {
            var v = Vector.Load(p + i);
            if (!Vector.EqualsAll(v - v, Vector<T>.Zero)) break;
        }
        for (; i < n; i++) if (!T.IsFinite(p[i])) return i;
        return -1;
    }

    /// <summary>A flat position as an index of each axis.</summary>
    public static string At(Shape shape, long position) =>
        $"[{string.Join(", ", shape.Dimensions.ToArray().Select((d, i) => position / shape.Strides[i] % Math.Max(d, 1)))}]";
}
