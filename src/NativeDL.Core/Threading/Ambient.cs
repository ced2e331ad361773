namespace NativeDL;

/// <summary>
/// What is taken where nothing is named: that of <see cref="Use"/> where it is in force in this flow of calls, else the process's.
/// </summary>
/// <param name="first">The process's, until it is set.</param>
internal sealed class Ambient<T>(T first) where T : class
{
    private readonly AsyncLocal<InUse?> current = new();
    private volatile bool isUsed; // until the first Use nobody has to look into the flow of calls
    private volatile T ofProcess = first;

    /// <summary>The one in force; set for the process.</summary>
    public T Value
    {
        get => (isUsed ? current.Value?.Latest?.Value : null) ?? ofProcess;
        set => ofProcess = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>Puts a value in force until the result is disposed, for the caller and all that it calls, starts or awaits.</summary>
    public IDisposable Use(T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        isUsed = true;
        return current.Value = new InUse(this, value, current.Value?.Latest);
    }

    // Whatever order they end in, the one that was begun last and has not ended is in force.
    private sealed class InUse(Ambient<T> ambient, T value, InUse? outer) : IDisposable
    {
        private volatile bool ended;

        public T Value => value;

        public InUse? Latest => ended ? outer?.Latest : this;

        public void Dispose()
        {
            ended = true;
            ambient.current.Value = ambient.current.Value?.Latest;
        }
    }
}
