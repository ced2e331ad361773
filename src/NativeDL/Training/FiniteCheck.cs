using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

/// <summary>Finds the first NaN or infinity.</summary>
internal static unsafe class FiniteCheck
{
    /// <summary>The first floating-point tensor with an element that is not finite, or −1. On a device they are all looked at before one answer is read.</summary>
    public static int FirstBadOf(IReadOnlyList<Tensor> tensors)
    {
        if (tensors.Count == 0 || tensors[0].Device.IsCpu)
        {
            for (int i = 0; i < tensors.Count; i++)
                if (FirstBad(tensors[i]) >= 0) return i;
            return -1;
        }
        var marks = Tensor.Zeros([tensors.Count], DType.Int32, tensors[0].Device);
        for (int i = 0; i < tensors.Count; i++) Mark(tensors[i], marks, i);
        return Array.FindIndex(marks.ToArray<int>(), mark => mark != 0);
    }

    /// <summary>On a device: sets one of the Int32 marks where an element is not finite, and leaves it as it is otherwise.</summary>
    public static void Mark(Tensor x, Tensor marks, int place = 0)
    {
        if (!x.DType.IsFloating()) return;
        x = Plain(x).Packed();
        CudaDevice.Of(x).LaunchOver("finite", x.DType, x.ElementCount, x, x.ElementCount, marks, place);
    }

    /// <summary>Position of the first element that is not finite, in row-major order, or −1.</summary>
    public static long FirstBad(Tensor x)
    {
        if (!x.DType.IsFloating()) return -1;
        x = x.To(Device.Cpu).Cast(x.DType.ComputeType()).Contiguous();
        return x.DType == DType.Float64 ? First<double>(x) : First<float>(x);
    }

    private static Tensor Plain(Tensor x) => x.DType.IsHalf() ? x.StopGradient().Cast(DType.Float32) : x;

    private static long First<T>(Tensor x) where T : unmanaged, INumber<T>
    {
        using var open = x.Open<T>();
        T* p = open.Pointer;
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
