namespace NativeDL;

/// <summary>
/// Changes of layers' state that wait, while this is open on a thread, for the step of training to prove good. Where none
/// is open, in a loop by hand, a change is made at once.
/// </summary>
internal sealed class StateUpdates : IDisposable
{
    [ThreadStatic] private static StateUpdates? current;

    private readonly StateUpdates? outer = current;
    private readonly List<Action> waiting = [];

    private StateUpdates() { }

    /// <summary>From here on, on this thread, changes wait.</summary>
    public static StateUpdates Begin() => current = new StateUpdates();

    /// <summary>Makes the change, or lets it wait.</summary>
    public static void Add(Action change)
    {
        if (current is { } open) open.waiting.Add(change);
        else change();
    }

    /// <summary>Makes the changes that wait, in their order.</summary>
    public void Commit()
    {
        foreach (var change in waiting) change();
        waiting.Clear();
    }

    /// <summary>Drops what was not committed.</summary>
    public void Dispose() => current = outer;
}
