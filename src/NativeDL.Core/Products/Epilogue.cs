using System.Numerics;
using System.Runtime.CompilerServices;

namespace NativeDL;

/// <summary>
/// An activation that a product or convolution applies to each tile of its result while the tile is in the cache.
/// Any elementwise function of one operand can be one: <c>Epilogue.Of(new ReluOp())</c>.
/// </summary>
internal abstract unsafe class Epilogue
{
    /// <summary>The activation of <typeparamref name="TFn"/>.</summary>
    public static Epilogue Of<TFn>(TFn fn = default) where TFn : struct, IUnary => new Epilogue<TFn>(fn);

    /// <summary>The function's name.</summary>
    public abstract string Name { get; }

    /// <summary>Whether the derivative looks at the value before the activation; else the result is enough.</summary>
    public abstract bool NeedsOperand { get; }

    /// <summary>Numbers handed to a CUDA kernel.</summary>
    public abstract double[] Numbers { get; }

    /// <summary>The function as an operation by itself.</summary>
    public abstract Op Operation { get; }

    /// <summary>The gradient before the activation: <paramref name="z"/> is null unless <see cref="NeedsOperand"/>.</summary>
    public abstract Tensor Derivative(Tensor? z, Tensor y, Tensor dy);

    /// <summary>z += bias; y = f(z) over a tile whose rows lie <paramref name="lead"/> apart. z and y may be one; a null z is not kept.</summary>
    protected abstract void Tile(float* c, float* z, long lead, int rows, int columns, float* bias);

    /// <inheritdoc cref="Tile(float*, float*, long, int, int, float*)"/>
    protected abstract void Tile(double* c, double* z, long lead, int rows, int columns, double* bias);

    /// <summary>
    /// Finishes a tile of a result in place: adds the bias (unless null) to its rows and applies the activation (unless
    /// null). What stood before the activation goes to <paramref name="z"/> unless that is null.
    /// </summary>
    public static void Apply<T>(Epilogue? activation, T* c, T* z, long lead, int rows, int columns, T* bias) where T : unmanaged
    {
        if (activation is null)
        {
            if (bias is not null) Row<T>.Add(c, lead, rows, columns, bias);
        }
        else if (typeof(T) == typeof(float)) activation.Tile((float*)c, (float*)z, lead, rows, columns, (float*)bias);
        else activation.Tile((double*)c, (double*)z, lead, rows, columns, (double*)bias);
    }

    private static class Row<T> where T : unmanaged
    {
        public static void Add(T* c, long lead, int rows, int columns, T* bias)
        {
            for (int r = 0; r < rows; r++, c += lead)
            {
                int j = 0;
                for (; j <= columns - Vector<T>.Count; j += Vector<T>.Count) (Vector.Load(c + j) + Vector.Load(bias + j)).Store(c + j);
                if (j < columns) Lanes.StorePart(Lanes.LoadPart(c + j, columns - j) + Lanes.LoadPart(bias + j, columns - j), c + j, columns - j);
            }
        }
    }
}

/// <inheritdoc cref="Epilogue"/>
internal sealed unsafe class Epilogue<TFn>(TFn fn) : Epilogue where TFn : struct, IUnary
{
    public override string Name => TFn.Name;

    public override bool NeedsOperand => (TFn.Saves & Saved.Inputs) != 0;

    public override double[] Numbers => fn.Numbers.ToArray();

    public override Op Operation => new UnaryOp<TFn>(fn);

    public override Tensor Derivative(Tensor? z, Tensor y, Tensor dy) => fn.Derivative(z!, y, dy) ?? Tensor.Zeros(dy.Shape, dy.DType, dy.Device);

    protected override void Tile(float* c, float* z, long lead, int rows, int columns, float* bias) => Typed(c, z, lead, rows, columns, bias);

    protected override void Tile(double* c, double* z, long lead, int rows, int columns, double* bias) => Typed(c, z, lead, rows, columns, bias);

    private void Typed<T>(T* c, T* z, long lead, int rows, int columns, T* bias) where T : unmanaged
    {
        for (int r = 0; r < rows; r++)
        {
            int j = 0;
            for (; j <= columns - Vector<T>.Count; j += Vector<T>.Count)
            {
                var sum = Vector.Load(c + j);
                if (bias is not null) sum += Vector.Load(bias + j);
                if (z is not null) sum.Store(z + j);
                fn.Apply(sum).Store(c + j);
            }
            if (j < columns) Remainder(c + j, z is null ? null : z + j, columns - j, bias is null ? null : bias + j);
            c += lead;
            if (z is not null) z += lead;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Remainder<T>(T* c, T* z, int count, T* bias) where T : unmanaged
    {
        var sum = Lanes.LoadPart(c, count);
        if (bias is not null) sum += Lanes.LoadPart(bias, count);
        if (z is not null) Lanes.StorePart(sum, z, count);
        Lanes.StorePart(fn.Apply(sum), c, count);
    }
}

/// <summary>An operation that can be an <see cref="Epilogue"/>.</summary>
internal interface IActivation
{
    /// <summary>The operation as what a product does to its result.</summary>
    Epilogue AsEpilogue { get; }
}
