using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// How one element of a parameter changes: a struct whose fields are the step's numbers. The body works on a vector of
/// any width, and what it does not keep is given as 0 and thrown away.
/// </summary>
internal interface IUpdateRule
{
    /// <summary>How many of the two slots are kept.</summary>
    static abstract int Slots { get; }

    /// <summary>The parameter's new value; slots are overwritten.</summary>
    Vector<T> Apply<T>(Vector<T> parameter, Vector<T> gradient, ref Vector<T> first, ref Vector<T> second) where T : unmanaged;
}

/// <summary>Runs an update rule over all pieces of all parameters: one pass that reads and writes each number once.</summary>
internal sealed unsafe class FusedUpdate<TRule> where TRule : struct, IUpdateRule
{
    private readonly Action<int> unit;
    private TRule rule;
    private UpdatePlan? plan;

    public FusedUpdate() => unit = Unit;

    public void Run(string name, OptimizerStep step, TRule with)
    {
        (rule, plan) = (with, step.Plan);
        foreach (var value in plan.Values)
            if (!value.Device.IsCpu) throw Error.Device(name, "the device has no kernel for this optimizer", $"{value.Device}", null, "keep the parameters on Device.Cpu");
        RunOnCpu();
        foreach (var value in plan.Values) value.BumpVersion();
        foreach (var slots in plan.Slots)
            foreach (var slot in slots) slot.Value.BumpVersion();
    }

    private void RunOnCpu()
    {
        Workers.Run(plan!.Units, unit);
        GC.KeepAlive(plan);
    }

    private void Unit(int number)
    {
        var all = plan!;
        for (int i = all.UnitStarts[number]; i < all.UnitStarts[number + 1]; i++)
        {
            if (all.Values[all.Pieces[i].Tensor].DType == DType.Float64) Typed<double>(all, all.Pieces[i]);
            else Typed<float>(all, all.Pieces[i]);
        }
    }

    private void Typed<T>(UpdatePlan all, UpdatePlan.Piece piece) where T : unmanaged
    {
        int t = piece.Tensor;
        var slots = all.Slots[t];
        // The plan keeps the tensors, and so their memory, alive until the pass is over.
        T* p = (T*)all.Values[t].Address + piece.Start, g = (T*)all.Gradients[t]!.Address + piece.Start;
        T* a = TRule.Slots > 0 ? (T*)slots[0].Value.Address + piece.Start : null;
        T* b = TRule.Slots > 1 ? (T*)slots[1].Value.Address + piece.Start : null;
        if (all.Scales[t] != 1 || !double.IsPositiveInfinity(all.Limit)) Loop(rule, new Clipped<T>(all.Scales[t], all.Limit), p, g, a, b, piece.Count);
        else Loop(rule, default(Plain<T>), p, g, a, b, piece.Count);
    }

    private static void Loop<T, TGradient>(TRule rule, TGradient seen, T* p, T* g, T* a, T* b, long n) where T : unmanaged where TGradient : struct, IGradient<T>
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
