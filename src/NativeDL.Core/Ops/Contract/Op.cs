using System.ComponentModel;
using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// One operation: its attributes are the object's fields, and the steps stand together in reading order. <see cref="Infer"/>
/// says what the results will be, <see cref="Compute{T}"/> and <see cref="Launch"/> make them on the processor and on a card,
/// <see cref="Backward"/> differentiates. Which of them runs, and for which element type, is decided in one place, not here.
/// </summary>
/// <example>An operation of one's own:
/// <code>
/// sealed class Cube : Op
/// {
///     protected override void Infer(Operands x, Results y) => y[0] = x[0];
///     protected override void Compute&lt;T>(Operands x, Results y)
///     {
///         var a = x.Span&lt;T>(0);
///         var b = y.Span&lt;T>(0);
///         for (int i = 0; i &lt; a.Length; i++) b[i] = a[i] * a[i] * a[i];
///     }
///     protected override Tensors Backward(BackwardCall call) => 3 * call.Input(0).Square() * call.Gradient();
/// }
/// Tensor z = new Cube().Run(x);
/// </code></example>
/// <remarks>What calls for exp, log or √ derives from <see cref="FloatingOp"/>; what has work for several threads says it by <see cref="ByRows"/>.</remarks>
public abstract partial class Op
{
    /// <summary>
    /// The field's name for the operation, as in errors, tables and files: <c>log_softmax</c>, the class <c>LogSoftmaxOp</c>'s unless overridden.
    /// </summary>
    public virtual string Name => SnakeCase.Of(GetType());

    /// <summary>
    /// What it is told besides its operands, by name: what files of graphs keep and exporters write. None, unless the class is marked with
    /// <see cref="RegisteredAttribute"/> (and <c>partial</c>): then the parameters of its constructor, by generated code.
    /// </summary>
    public virtual OpAttributes Attributes => OpAttributes.None;

    /// <summary>Why no file of a graph could tell the operation, as an error says it; null where one can.</summary>
    internal virtual string? WhyNotInFiles => null;

    /// <summary>What the backward pass needs to see again.</summary>
    protected virtual Saved Saves => Saved.Inputs;

    /// <summary>How many results there are.</summary>
    protected virtual int ResultCount => 1;

    /// <summary>How the operation wants its operands.</summary>
    protected virtual OpTraits Traits => OpTraits.None;

    /// <summary>
    /// Says shape and element type of each result, <c>y[0] = x[0]</c> or <c>y.Set(0, shape, dtype)</c>, and refuses operands that
    /// do not fit. Looks at shapes and element types only: operands may have no data, and dimensions may be <see cref="Shape.None"/>.
    /// </summary>
    /// <param name="x">The operands; on one device, floating-point ones of one element type.</param>
    /// <param name="y">Where to say it, of every result.</param>
    protected abstract void Infer(Operands x, Results y);

    /// <summary>
    /// Computes on the processor. Half-precision operands arrive as float32, and what is written is rounded once, at the end.
    /// </summary>
    /// <typeparam name="T">float, double, int, long, or byte for truth values and bytes: the type that is computed with.</typeparam>
    /// <param name="x">The operands, their elements side by side unless <see cref="Traits"/> say otherwise.</param>
    /// <param name="y">The results, whose memory holds anything yet.</param>
    protected virtual void Compute<T>(Operands x, Results y) where T : unmanaged, INumber<T> =>
        throw Error.Device(Name, "the operation cannot be computed on the processor", null, null, "override Compute");

    /// <summary>Launches kernels on a card, in the order of its stream.</summary>
    /// <param name="x">The operands, their elements side by side unless <see cref="Traits"/> say otherwise.</param>
    /// <param name="y">The results, whose memory holds anything yet.</param>
    /// <param name="stream">The stream of the operands' device.</param>
    protected virtual void Launch(Operands x, Results y, CudaStream stream) =>
        throw Error.Device(Name, "the operation has no CUDA kernel", null, null, "override Launch, or move the operands to the CPU with To");

    /// <summary>
    /// Whether <see cref="Launch"/> takes these half-precision operands as they are stored, though none of its kernels has the
    /// operation's name: else they are widened to float32 before it. The result has its memory.
    /// </summary>
    internal virtual bool LaunchesHalves(CudaDevice device, Operands x, Tensor y) => false;

    /// <summary>
    /// Gradients of the operands from those of the results, null for none, written in tensor operations so that they can be
    /// differentiated again. A gradient has its operand's element type, and its shape or one that the operand's broadcasts to: the
    /// walker sums it back. What arrives for a result must be asked for, by <see cref="BackwardCall.Gradient"/> or, where the result
    /// has no derivative, by <see cref="BackwardCall.HasGradient"/>: an operation that forgets a result would give wrong numbers.
    /// </summary>
    /// <param name="call">What was saved, and what arrives.</param>
    protected abstract Tensors Backward(BackwardCall call);

    /// <summary>
    /// With <see cref="OpTraits.ChoosesType"/>: the element type that <see cref="Compute{T}"/> is called for, half types standing for float32.
    /// </summary>
    protected virtual DType ComputeType(Operands x, Results y) => x[0].DType;

    /// <summary>
    /// Makes an operation of one's own known by name, so that graphs with it are saved and loaded. In C# <see cref="RegisteredAttribute"/> says
    /// the same; elsewhere <see cref="Attributes"/> is overridden beside.
    /// </summary>
    /// <typeparam name="T">The operation's class.</typeparam>
    /// <param name="name">The name in files; one with a dot cannot meet one of the library's.</param>
    /// <param name="make">Makes the operation from its attributes.</param>
    /// <param name="otherNames">Names that are understood too, such as the name that older files have.</param>
    /// <example>In F#: <code>Op.Register&lt;Cube>("my.cube", fun attributes -> Cube(attributes.Number "scale"))</code></example>
    /// <exception cref="InvalidInputException">A name is taken.</exception>
    public static void Register<T>(string name, Func<OpAttributes, T> make, params string[] otherNames) where T : Op
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(make);
        ArgumentNullException.ThrowIfNull(otherNames);
        OpFile.Register(name, make, otherNames);
    }

    /// <summary>Has operations registered when they are first asked for. Called by generated code.</summary>
    /// <param name="enter">Registers them, by <see cref="Register"/>.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static void Announce(Action enter)
    {
        ArgumentNullException.ThrowIfNull(enter);
        OpFile.Announce(enter);
    }

    /// <summary>The name and the attributes: <c>matmul(transposeA: false, transposeB: true)</c>.</summary>
    public override string ToString() => Attributes.Count == 0 ? Name : $"{Name}({Attributes})";

    /// <summary>Runs the operation and records it.</summary>
    /// <param name="inputs">The operands.</param>
    /// <returns>The first result.</returns>
    /// <exception cref="ShapeMismatchException">The shapes do not fit.</exception>
    /// <exception cref="DTypeMismatchException">The element types do not fit.</exception>
    /// <exception cref="DeviceException">The operands live on several devices.</exception>
    /// <exception cref="InvalidInputException">There are too few operands.</exception>
    /// <exception cref="ArgumentNullException">An operand of an array is null.</exception>
    public Tensor Run(params ReadOnlySpan<Tensor> inputs)
    {
        if (ResultCount != 1) return RunMany(inputs)[0];
        Tensor output = null!;
        Run(inputs, new Span<Tensor>(ref output));
        return output;
    }

    /// <inheritdoc cref="Run(ReadOnlySpan{Tensor})"/>
    /// <remarks>As above, for languages that see no <c>params</c> of spans: <c>Cube().Run x</c> in F#.</remarks>
    public Tensor Run(params Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        RequireThere(inputs);
        return Run((ReadOnlySpan<Tensor>)inputs);
    }

    /// <summary>Runs an operation of several results and records it.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{Tensor})"/>
    /// <returns>All results.</returns>
    public Tensor[] RunMany(params ReadOnlySpan<Tensor> inputs)
    {
        var outputs = new Tensor[ResultCount];
        Run(inputs, outputs);
        return outputs;
    }

    /// <inheritdoc cref="RunMany(ReadOnlySpan{Tensor})"/>
    /// <remarks>As above, for languages that see no <c>params</c> of spans.</remarks>
    public Tensor[] RunMany(params Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        RequireThere(inputs);
        return RunMany((ReadOnlySpan<Tensor>)inputs);
    }

    private protected void Run(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        var device = DeviceOf(inputs, out bool masked);
        Execute(device, inputs, outputs);
        if (!ReferenceEquals(device, Device.Symbolic)) GradientTape.Record(this, inputs, outputs);
        if (masked) PassMasksOn(inputs, outputs);
    }

    /// <summary>Makes the results; operations that are no computation, such as views and transfers, have their own way.</summary>
    private protected virtual void Execute(Device device, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        try
        {
            Infer(new Operands(inputs), new Results(outputs));
            foreach (var y in outputs) if (y is null) throw NothingInferred(inputs, outputs);
            device.Execute(this, inputs, outputs);
        }
        catch (OperandFault fault)
        {
            throw fault.Of(this, inputs.Length);
        }
    }

    // What devices and tapes call: the steps are protected, so that only they do.
    internal Saved SavesNow => Saves;

    internal OpTraits TraitsNow => Traits;

    internal DType ComputeTypeOf(Operands x, Results y) => ComputeType(x, y);

    /// <summary>
    /// Calls <see cref="Compute{T}"/> for a type. A call of a generic virtual method takes half as long as a small operation: what
    /// is called most, elementwise functions, has its own way here.
    /// </summary>
    internal virtual void ComputeAs(DType type, Operands x, Results y) => ByType.Run(type, new VirtualBody(this), x, y);

    private readonly struct VirtualBody(Op op) : ITypedBody
    {
        public void Run<T>(Operands x, Results y) where T : unmanaged, INumber<T> => op.Compute<T>(x, y);
    }

    internal void LaunchNow(Operands x, Results y, CudaStream stream) => Launch(x, y, stream);

    internal Tensors BackwardNow(BackwardCall call) => Backward(call);
}

/// <summary>How an operation wants its operands.</summary>
[Flags]
public enum OpTraits
{
    /// <summary>
    /// Elements side by side in row-major order, floating-point operands of one element type: operands that stand otherwise are copied or refused first.
    /// </summary>
    None = 0,

    /// <summary>The operation reads operands through whatever strides they have.</summary>
    Strided = 1,

    /// <summary>
    /// Elements are only moved: the processor's <see cref="Op.Compute{T}"/> gets them as byte, ushort, int or long of their size, whatever they mean.
    /// </summary>
    Moves = 2,

    /// <summary>
    /// The operation reads and writes half-precision numbers itself, as they are stored; the processor's <see cref="Op.Compute{T}"/> gets them as ushort.
    /// </summary>
    Stored = 8,

    /// <summary><see cref="Op.ComputeType"/> says which type is computed with; else it is the first operand's.</summary>
    ChoosesType = 16,

    /// <summary>Where the first floating-point operand is of half precision, others may be Float32, such as statistics beside data.</summary>
    MixedTypes = 4,
}

/// <summary>What an operation keeps of its operands and results for its backward pass.</summary>
[Flags]
public enum Saved
{
    /// <summary>Shapes and element types only.</summary>
    Nothing = 0,

    /// <summary>All operands.</summary>
    Inputs = 1,

    /// <summary>All results.</summary>
    Output = 2,

    /// <summary>Operands and results.</summary>
    Both = Inputs | Output,

    /// <summary>The first operand.</summary>
    FirstInput = 4,
}
