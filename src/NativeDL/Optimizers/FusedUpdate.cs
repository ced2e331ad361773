using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// How one element of a parameter changes: a struct whose fields are the step's numbers, in every lane of a vector. The
/// body works on a vector of any width; a slot that is not kept is given as 0 and thrown away. On CUDA the kernel of the
/// same name does the same with the same numbers.
/// </summary>
internal interface IUpdateRule<TSelf, T> where TSelf : struct where T : unmanaged
{
    /// <summary>How many of the two slots are kept.</summary>
    static abstract int Slots { get; }

    /// <summary>The rule's name in <c>optimizers.cu</c>.</summary>
    static abstract string Kernel { get; }

    /// <summary>The rule with the step's numbers.</summary>
    static abstract TSelf With(UpdateNumbers numbers);

    /// <summary>The parameter's new value; slots are overwritten.</summary>
    Vector<T> Apply(Vector<T> parameter, Vector<T> gradient, ref Vector<T> first, ref Vector<T> second);
}

/// <summary>Runs an update rule over all pieces of all parameters: one pass that reads and writes each number once.</summary>
/// <typeparam name="TSingle">The rule for float32, which half-precision parameters are computed in too.</typeparam>
/// <typeparam name="TDouble">The same rule for float64.</typeparam>
internal sealed unsafe class FusedUpdate<TSingle, TDouble> where TSingle : struct, IUpdateRule<TSingle, float> where TDouble : struct, IUpdateRule<TDouble, double>
{
    private readonly Action<int> unit;
    private TSingle single;
    private TDouble exact;
    private UpdatePlan? plan;

    public FusedUpdate() => unit = Unit;

    public void Run(OptimizerStep step, UpdateNumbers numbers)
    {
        plan = step.Plan;
        if (plan.Cuda is { } cuda) cuda.Run(TDouble.Kernel, numbers, plan.Limit);
        else RunOnCpu(numbers);
        foreach (var value in plan.Values) value.BumpVersion();
        foreach (var slots in plan.Slots)
            foreach (var slot in slots) slot.Value.BumpVersion();
    }

    private void RunOnCpu(UpdateNumbers numbers)
    {
        (single, exact) = (TSingle.With(numbers), TDouble.With(numbers));
        Workers.Run(plan!.Units, unit);
        GC.KeepAlive(plan);
    }

    private void Unit(int number)
    {
        var all = plan!;
        for (int i = all.UnitStarts[number]; i < all.UnitStarts[number + 1]; i++)
        {
            var dtype = all.Values[all.Pieces[i].Tensor].DType;
            if (dtype.IsHalf()) Widened(all, all.Pieces[i], dtype == DType.BFloat16);
            else if (dtype == DType.Float64) Typed<TDouble, double>(exact, all, all.Pieces[i]);
            else Typed<TSingle, float>(single, all, all.Pieces[i]);
        }
    }

    private static void Typed<TRule, T>(TRule rule, UpdatePlan all, UpdatePlan.Piece piece) where TRule : struct, IUpdateRule<TRule, T> where T : unmanaged
    {
        int t = piece.Tensor;
        var slots = all.Slots[t];
        // The plan keeps the tensors, and so their memory, alive until the pass is over.
        T* p = (T*)all.Values[t].Address + piece.Start, g = (T*)all.Gradients[t]!.Address + piece.Start;
        T* a = TRule.Slots > 0 ? (T*)slots[0].Value.Address + piece.Start : null;
        T* b = TRule.Slots > 1 ? (T*)slots[1].Value.Address + piece.Start : null;
        Clip(rule, all, t, p, g, a, b, piece.Count);
    }

    // Half-precision parameters and gradients a block at a time as float32, rounded once at the store; slots are float32 themselves.
    private void Widened(UpdatePlan all, UpdatePlan.Piece piece, bool brain)
    {
        const int Block = 1024;
        int t = piece.Tensor;
        var slots = all.Slots[t];
        float* p = stackalloc float[Block], g = stackalloc float[Block];
        for (long at = piece.Start, end = piece.Start + piece.Count; at < end; at += Block)
        {
            int count = (int)Math.Min(Block, end - at);
            ushort* value = (ushort*)all.Values[t].Address + at;
            HalfPrecision.Widen(brain, value, p, count);
            HalfPrecision.Widen(brain, (ushort*)all.Gradients[t]!.Address + at, g, count);
            Clip(single, all, t, p, g, TSingle.Slots > 0 ? (float*)slots[0].Value.Address + at : null, TSingle.Slots > 1 ? (float*)slots[1].Value.Address + at : null, count);
            HalfPrecision.Narrow(brain, p, value, count);
        }
    }

    private static void Clip<TRule, T>(TRule rule, UpdatePlan all, int t, T* p, T* g, T* a, T* b, long n) where TRule : struct, IUpdateRule<TRule, T> where T : unmanaged
    {
        if (all.Scales[t] != 1 || !double.IsPositiveInfinity(all.Limit)) Loop(rule, new Clipped<T>(all.Scales[t], all.Limit), p, g, a, b, n);
        else Loop(rule, default(Plain<T>), p, g, a, b, n);
    }

    private static void Loop<TRule, T, TGradient>(TRule rule, TGradient seen, T* p, T* g, T* a, T* b, long n)
        where TRule : struct, IUpdateRule<TRule, T> where T : unmanaged where TGradient : struct, IGradient<T>
    {
        long i = 0;
        for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
        {
            var first = TRule.Slots > 0 ? Vector.Load(a + i) : default;
            var second = TRule.Slots > 1 ? Vector.Load(b + i) : default;
            rule.Apply(Vector.Load(p + i), seen.Of(Vector.Load(g + i)), ref first, ref second).Store(p + i);
            if (TRule.Slots > 0) first.Store(a + i);
            if (TRule.Slots > 1) second.Store(b + i);
        }
        if (i == n) return;
        {
            var first = TRule.Slots > 0 ? Lanes.LoadPart(a + i, n - i) : default;
            var second = TRule.Slots > 1 ? Lanes.LoadPart(b + i, n - i) : default;
            Lanes.StorePart(rule.Apply(Lanes.LoadPart(p + i, n - i), seen.Of(Lanes.LoadPart(g + i, n - i)), ref first, ref second), p + i, n - i);
            if (TRule.Slots > 0) Lanes.StorePart(first, a + i, n - i);
            if (TRule.Slots > 1) Lanes.StorePart(second, b + i, n - i);
        }
    }

    /// <summary>What the rule sees of a gradient.</summary>
    private interface IGradient<T> where T : unmanaged
    {
        Vector<T> Of(Vector<T> g);
    }

    private readonly struct Plain<T> : IGradient<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Of(Vector<T> g) => g;
    }

    private readonly struct Clipped<T>(double scale, double limit) : IGradient<T> where T : unmanaged
    {
        private readonly Vector<T> scale = Lanes.Constant<T>(scale), limit = Lanes.Constant<T>(limit);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<T> Of(Vector<T> g) => Vector.Min(Vector.Max(g * scale, -limit), limit);
    }
}
