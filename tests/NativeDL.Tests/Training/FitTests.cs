using NativeDL.Layers;

namespace NativeDL.Tests.Training;

/// <summary>They seed and watch the one default random source, so nothing else runs beside them.</summary>
[Collection(nameof(Alone))]
public class FitTests
{
    private static Tensor Rows(int count, int width, ulong seed = 1) => Tensor.RandomNormal([count, width], random: new RandomState(seed));

    private static Sequential Compiled(params Layer[] layers)
    {
        RandomState.SetSeed(3);
        var model = new Sequential(layers);
        model.Compile("adam", "mse");
        return model;
    }

    private static List<float[]> Values(Model model) => [.. model.Parameters.Select(p => p.Value.ToArray<float>())];

    private static Tensor WithNaN(Tensor x)
    {
        float[] values = x.ToArray<float>();
        values[^1] = float.NaN;
        return Tensor.FromArray(values, x.Shape);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_step_that_is_not_finite_changes_nothing(bool byFit)
    {
        var (x, y) = (Rows(8, 3), Rows(8, 1, 2));
        var model = Compiled(new BatchNormalization(), new Dense(4, "tanh"), new Dropout(0.5f), new BatchNormalization(), new Dense(1));
        model.Fit(x, y, batchSize: 8);
        var before = Values(model);
        var error = Assert.Throws<NumericException>(() =>
        {
            if (byFit) model.Fit(WithNaN(x), y, batchSize: 8);
            else model.TrainOnBatch(WithNaN(x), y);
        });
        Assert.Contains(byFit ? "sequential.Fit: the loss is NaN at epoch 1, step 1" : "sequential.TrainOnBatch: the loss is NaN;", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("the features of shape [8, 3] are not finite at [", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Values(model));
        Assert.All(model.Predict(x).ToArray<float>(), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void A_gradient_that_is_not_finite_names_its_parameter_and_changes_nothing()
    {
        // √ has the slope ∞ at 0, where the loss is still finite.
        var model = Compiled(new Dense(2, kernelInitializer: "zeros"), new ActivationLayer(Activation.From(x => x.Sqrt(), "root")));
        model.Build(1, 3);
        var before = Values(model);
        var error = Assert.Throws<NumericException>(() => model.TrainOnBatch(Rows(4, 3), Rows(4, 2, 2)));
        Assert.Contains("the gradient of dense/", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Values(model));
    }

    [Fact]
    public void Running_statistics_follow_the_batches()
    {
        var model = Compiled(new BatchNormalization(momentum: 0.5), new Dense(1));
        var x = Tensor.FromArray(new float[,] { { 2 }, { 6 } });
        model.TrainOnBatch(x, Tensor.Zeros([2, 1]));
        var statistics = (BatchNormalization)model.Layers[0];
        Assert.Equal(2, statistics.MovingMean!.Value.Item(), 1e-6);   // 0.5·0 + 0.5·4
        Assert.Equal(2.5, statistics.MovingVariance!.Value.Item(), 1e-6); // 0.5·1 + 0.5·4
        using var tape = new GradientTape();
        model.Call(x, training: true); // by hand: at once
        Assert.Equal(3, statistics.MovingMean.Value.Item(), 1e-6);
    }

    [Fact]
    public void A_cancelled_training_says_where_it_stood_and_stays_consistent()
    {
        using var stop = new CancellationTokenSource();
        var model = Compiled(new Dense(1));
        var error = Assert.Throws<OperationCanceledException>(() => model.Fit(Rows(40, 3), Rows(40, 1), epochs: 9, batchSize: 10,
            callbacks: [new OnBatch(state => { if (state is { Epoch: 2, Step: 3 }) stop.Cancel(); })], cancellationToken: stop.Token));
        Assert.Contains("cancelled in epoch 2 after step 3 of 4", error.Message, StringComparison.Ordinal);
        Assert.Equal(stop.Token, error.CancellationToken);
        Assert.Equal(7, model.Optimizer!.Steps);
    }

    [Fact]
    public void The_validation_split_takes_the_last_rows_and_never_trains_on_them()
    {
        var model = Compiled(new Dense(1));
        var x = Rows(10, 2);
        var seen = new List<float>();
        var data = new Dataset(x, Rows(10, 1)).Map(b => { lock (seen) seen.AddRange(b.X[.., 0].ToArray<float>()); return b; });
        model.Fit(data, batchSize: 4, validationSplit: 0.3);
        Assert.Equal(x[..7, 0].ToArray<float>().Order(), seen.Take(7).Order());
        Assert.Equal(x[7.., 0].ToArray<float>(), seen.Skip(7));
    }

    [Fact]
    public void Freezing_keeps_every_bit()
    {
        var model = Compiled(new Dense(4), new BatchNormalization(), new Dense(1));
        model.Build(1, 3);
        model.Layers[0].Trainable = model.Layers[1].Trainable = false;
        var before = Values(model);
        model.Fit(Rows(20, 3), Rows(20, 1), epochs: 2);
        var after = Values(model);
        Assert.Equal(before[..^2], after[..^2]);
        Assert.NotEqual(before[^2], after[^2]);
    }

    [Fact]
    public void An_evaluation_by_a_callback_leaves_the_trainings_metrics_alone()
    {
        var (x, y) = (Rows(30, 4), Tensor.FromArray([.. Enumerable.Range(0, 30).Select(i => i % 3)]));
        double[] Accuracies(params Callback[] callbacks)
        {
            RandomState.SetSeed(3);
            var model = new Sequential { new Dense(3) };
            model.Compile("adam", Loss.SparseCategoricalCrossentropy(fromLogits: true), ["accuracy"]);
            return [.. model.Fit(x, y, epochs: 3, batchSize: 7, random: new RandomState(1), callbacks: callbacks)["accuracy"]];
        }
        Assert.Equal(Accuracies(), Accuracies(new OnBatch(state => state.Model.Evaluate(x[..4], y[..4]))));
    }

    [Fact]
    public void Penalties_count_in_the_loss_of_training_and_of_validation()
    {
        RandomState.SetSeed(3);
        var model = new Sequential { new Dense(1, kernelInitializer: "ones", kernelRegularizer: "l2(0.5)") };
        model.Compile(new SGD(0.0), "mse");
        var (x, y) = (Rows(6, 2), Rows(6, 1, 2));
        var history = model.Fit(x, y, validation: new Dataset(x, y));
        Assert.Equal(history["loss"][0], history["val_loss"][0], 1e-6);
        Assert.Equal(((model.Predict(x) - y).Square().Mean() + 0.5 * 2).Item(), history["loss"][0], 1e-5);
    }

    [Fact]
    public void The_loss_of_a_mapped_data_set_is_the_mean_over_what_the_map_left()
    {
        var model = Compiled(new Dense(1));
        var (x, y) = (Rows(10, 2), Rows(10, 1, 2));
        var kept = new Dataset(x, y).Map(b => new Batch(b.X[..1], b.Y[..1]));
        Assert.Equal((model.Predict(x[..1]) - y[..1]).Square().Mean().Item(), model.Evaluate(kept, batchSize: 10)["loss"], 1e-6);
    }

    [Fact]
    public void A_data_set_is_predicted_as_its_rows_are()
    {
        var model = Compiled(new Dense(2));
        var x = Rows(11, 3);
        Assert.Equal(model.Predict(x).ToArray<float>(), model.Predict(new Dataset(x, Rows(11, 1)), batchSize: 4).ToArray<float>());
    }

    [Fact]
    public void Predictions_from_several_threads_are_those_of_one()
    {
        var model = Compiled(new Dense(16, "relu"), new BatchNormalization(), new Dense(4));
        var x = Rows(300, 8);
        var results = new float[8][];
        Parallel.For(0, results.Length, i => results[i] = model.Predict(x, batchSize: 64).ToArray<float>());
        Assert.All(results, r => Assert.Equal(results[0], r));
        Assert.Equal(8, model.Parameters.Count);
    }

    public static TheoryData<string> Refused =>
        ["not compiled", "no rows", "batch size 0", "negative epochs", "negative initial epoch", "NaN split", "empty split", "empty validation", "two inputs",
            "nothing tracked", "metric twice", "compiled twice"];

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_cannot_be_trained_is_refused_before_anything_changes(string what)
    {
        var model = Compiled(new Dense(1));
        model.Build(1, 3);
        var before = Values(model);
        var (x, y) = (Rows(4, 3), Rows(4, 1));
        Action act = what switch
        {
            "not compiled" => () => new Sequential { new Dense(1) }.Fit(x, y),
            "no rows" => () => model.Fit(x[..0], y[..0]),
            "batch size 0" => () => model.Fit(x, y, batchSize: 0),
            "negative epochs" => () => model.Fit(x, y, epochs: -1),
            "negative initial epoch" => () => model.Fit(x, y, initialEpoch: -5),
            "NaN split" => () => model.Fit(x, y, validationSplit: double.NaN),
            "empty split" => () => model.Fit(x, y, validationSplit: 0.01),
            "empty validation" => () => model.Fit(x, y, validation: new Dataset(x, y).Take(0)),
            "two inputs" => () => model.Fit(new Dataset([x, x], y)),
            "nothing tracked" => () => Forgetful.Train(x, y),
            "metric twice" => () => new Sequential().Compile("sgd", "mse", ["mae", "mae"]),
            _ => () => model.Compile("sgd", "mse"),
        };
        var error = Assert.Throws<InvalidInputException>(act);
        Assert.DoesNotContain("..", error.Message.Replace("0..", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(before, Values(model));
    }

    private sealed class Forgetful : Model
    {
        private readonly Dense dense = new(1);

        protected override Tensor Forward(Tensor x, CallContext call) => dense.Call(x, call);

        public static void Train(Tensor x, Tensor y)
        {
            var model = new Forgetful();
            model.Compile("sgd", "mse");
            model.Fit(x, y);
        }
    }

    private sealed class OnBatch(Action<TrainingState> act) : Callback
    {
        public override void OnBatchEnd(TrainingState state) => act(state);
    }
}
