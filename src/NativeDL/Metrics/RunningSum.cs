namespace NativeDL;

/// <summary>
/// A sum in float64 that grows batch by batch, on the device of what is added: adding reads nothing back, reading waits.
/// Metrics keep their state in such sums.
/// </summary>
public sealed class RunningSum
{
    private double[] host;
    private Tensor? onDevice; // null where everything so far came from the CPU
    private bool isRead = true;

    internal RunningSum(string name, int[]? shape)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        IsOpen = shape is null;
        Shape = Shape.Of(shape ?? [0]);
        host = new double[checked((int)Shape.ElementCount)];
    }

    /// <summary>Its name in files.</summary>
    public string Name { get; }

    /// <summary>Its dimensions; of one whose length the first numbers tell <c>[0]</c> before them.</summary>
    public Shape Shape { get; private set; }

    /// <summary>Whether the first numbers that are added tell how many there are.</summary>
    internal bool IsOpen { get; }

    /// <summary>The only number.</summary>
    /// <exception cref="ShapeMismatchException">There are several.</exception>
    public double Value => host.Length == 1 ? ToArray()[0]
        : throw Error.Shape("RunningSum.Value", "the sum has several numbers", $"{Shape}", "one number", "ToArray gives them all");

    /// <summary>Adds numbers, each to its own.</summary>
    /// <param name="numbers">A tensor of this shape.</param>
    /// <exception cref="ShapeMismatchException">The shape is another.</exception>
    public void Add(Tensor numbers)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        if (IsOpen && host.Length == 0 && numbers.Rank == 1) (host, Shape) = (new double[numbers.ElementCount], numbers.Shape);
        if (numbers.Shape != Shape) throw Error.Shape("RunningSum.Add", "the numbers have another shape than the sum", $"{numbers.Shape}", $"{Shape}");
        numbers = numbers.StopGradient().Cast(DType.Float64);
        if (onDevice is not null || Gate is not null || !numbers.Device.IsCpu) AddOnDevice(numbers);
        else if (host.Length == 1) host[0] += numbers.Item();
        else
        {
            double[] each = numbers.ToArray<double>();
            for (int i = 0; i < each.Length; i++) host[i] += each[i];
        }
    }

    /// <summary>Adds a number to each.</summary>
    public void Add(double number)
    {
        if (onDevice is not null || Gate is not null) AddOnDevice(Tensor.Full(Shape, number, DType.Float64, (onDevice ?? Gate)!.Device));
        else for (int i = 0; i < host.Length; i++) host[i] += number;
    }

    /// <summary>Adds a number so many times.</summary>
    internal void Add(Tensor scalar, double times)
    {
        if (onDevice is null && scalar.Device.IsCpu) host[0] += scalar.Item() * times;
        else AddOnDevice(scalar.StopGradient().Cast(DType.Float64) * times);
    }

    /// <summary>Puts a number in the place of what is there.</summary>
    internal void Put(Tensor scalar)
    {
        if (scalar.Device.IsCpu) Set([scalar.Item()]);
        else
        {
            using (TensorScope.Suspend()) onDevice ??= Tensor.Zeros(Shape, DType.Float64, scalar.Device);
            Tensor.CopyInto(scalar.StopGradient().Cast(DType.Float64), onDevice);
            isRead = false;
        }
    }

    /// <summary>The numbers in row-major order.</summary>
    public double[] ToArray()
    {
        Read([this]);
        return [.. host];
    }

    /// <summary>The numbers where they are, of float64: nothing is read. The next that are added change them.</summary>
    internal Tensor Current => onDevice ?? Tensor.FromSpan<double>(host, Shape);

    /// <summary>
    /// If set, a Bool scalar on a device: what is added where it is false counts for nothing, so that nobody has to read whether a step was good.
    /// </summary>
    internal Tensor? Gate { get; set; }

    /// <summary>Begins at 0 anew.</summary>
    internal void Reset() => Set(new double[IsOpen ? 0 : host.Length]);

    /// <summary>Goes on from other numbers.</summary>
    internal void Set(ReadOnlySpan<double> numbers)
    {
        if (IsOpen && numbers.Length != host.Length) (host, Shape) = (new double[numbers.Length], [numbers.Length]);
        numbers.CopyTo(host);
        (onDevice, isRead) = (null, true);
    }

    /// <summary>Has the sums read, all those of a device at once, so that asking for their values waits no more.</summary>
    internal static void Read(IEnumerable<RunningSum> sums)
    {
        foreach (var group in sums.Where(s => !s.isRead).GroupBy(s => s.onDevice!.Device))
        {
            using var scope = TensorScope.Begin();
            RunningSum[] unread = [.. group];
            double[] all = Tensor.Concat([.. unread.Select(s => s.onDevice!.Reshape(-1))]).ToArray<double>();
            int at = 0;
            foreach (var sum in unread)
            {
                all.AsSpan(at, sum.host.Length).CopyTo(sum.host);
                sum.isRead = true;
                at += sum.host.Length;
            }
        }
    }

    private void AddOnDevice(Tensor numbers)
    {
        using (TensorScope.Suspend()) onDevice ??= Tensor.FromSpan<double>(host, Shape, (Gate ?? numbers).Device);
        numbers = numbers.To(onDevice.Device);
        if (Gate is not null) numbers = Tensor.Where(Gate, numbers, Tensor.Zeros(Shape.Scalar, DType.Float64, onDevice.Device));
        Tensor.CopyInto(onDevice + numbers, onDevice);
        isRead = false;
    }
}
