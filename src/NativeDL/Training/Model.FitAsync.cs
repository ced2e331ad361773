namespace NativeDL;

public partial class Model
{
    /// <summary>Trains on a thread of its own, with the caller's default device; the model is nobody else's meanwhile.</summary>
    /// <inheritdoc cref="Fit(Dataset, int, int, Dataset, double, bool, IReadOnlyList{Callback}, RandomState, int, string, CarriedState, CancellationToken)"/>
    /// <remarks>Callbacks are called on that thread; <see cref="Callback.Progress"/> reports to another.</remarks>
    public Task<History> FitAsync(Dataset train, int epochs = 1, int batchSize = 32, Dataset? validation = null, double validationSplit = 0,
        bool shuffle = true,
        IReadOnlyList<Callback>? callbacks = null, RandomState? random = null, int initialEpoch = 0, string? resume = null, CarriedState? state = null,
            CancellationToken cancellationToken = default) =>
        OnOwnThread(() => Fit(train, epochs, batchSize, validation, validationSplit, shuffle, callbacks, random, initialEpoch, resume, state,
            cancellationToken), cancellationToken);

    /// <summary>Trains on features <paramref name="x"/> with labels <paramref name="y"/>, on a thread of its own.</summary>
    /// <inheritdoc cref="FitAsync(Dataset, int, int, Dataset, double, bool, IReadOnlyList{Callback}, RandomState, int, string, CarriedState, CancellationToken)"/>
    /// <param name="x">Features <c>[N, …]</c>.</param>
    /// <param name="y">Labels <c>[N]</c> or <c>[N, …]</c>.</param>
    /// <param name="epochs">Passes over the data.</param>
    /// <param name="batchSize">Rows a step.</param>
    /// <param name="validation">Data that is evaluated after each epoch and never trained on.</param>
    /// <param name="validationSplit">Or: the share of the rows, taken from their end, that is held back for validation.</param>
    /// <param name="shuffle">Whether each epoch sees the rows in a new order.</param>
    /// <param name="sampleWeight">How much each row counts, <c>[N]</c>; all alike by default.</param>
    /// <param name="callbacks">Called as training goes on.</param>
    /// <param name="random">Where all that is drawn comes from, orders, dropout, augmentation; the model's own source unless named.</param>
    /// <param name="initialEpoch">Epochs that were done before, when training is resumed.</param>
    /// <param name="resume">A folder in which training keeps where it stands, and from which it goes on.</param>
    /// <param name="state">What layers carry from batch to batch, each epoch begun anew unless it says otherwise; validation carries a state of its
    /// own.</param>
    /// <param name="cancellationToken">Ends training after the step at hand.</param>
    public Task<History> FitAsync(Tensor x, Tensor y, int epochs = 1, int batchSize = 32, Dataset? validation = null, double validationSplit = 0,
        bool shuffle = true, Tensor? sampleWeight = null,
        IReadOnlyList<Callback>? callbacks = null, RandomState? random = null, int initialEpoch = 0, string? resume = null, CarriedState? state = null,
            CancellationToken cancellationToken = default) =>
        FitAsync(Paired(x, y, sampleWeight), epochs, batchSize, validation, validationSplit, shuffle, callbacks, random, initialEpoch, resume, state,
            cancellationToken);

    /// <summary>Trains on batches as they come, on a thread of its own.</summary>
    /// <inheritdoc cref="Fit(Batches, int, Dataset, IReadOnlyList{Callback}, int, string, CarriedState, CancellationToken)"/>
    public Task<History> FitAsync(Batches train, int epochs = 1, Dataset? validation = null, IReadOnlyList<Callback>? callbacks = null, int initialEpoch = 0,
        string? resume = null, CarriedState? state = null, CancellationToken cancellationToken = default) =>
        OnOwnThread(() => Fit(train, epochs, validation, callbacks, initialEpoch, resume, state, cancellationToken), cancellationToken);

    private static Task<History> OnOwnThread(Func<History> fit, CancellationToken cancellationToken)
    {
        var device = Device.Default;
        return Task.Factory.StartNew(() =>
        {
            using var use = Device.Use(device);
            return fit();
        }, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }
}
