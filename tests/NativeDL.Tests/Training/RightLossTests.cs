using NativeDL.Layers;
using NativeDL.Losses;

namespace NativeDL.Tests.Training;

/// <summary>Losses and metrics that say something else than they should without a word.</summary>
public sealed class RightLossTests
{
    private static Tensor Row(params float[] values) => Tensor.FromArray(values, [1, values.Length]);

    [Theory]
    [InlineData("categorical_crossentropy")]
    [InlineData("sparse_categorical_crossentropy")]
    public void A_loss_behind_a_softmax_goes_back_to_the_logits(string name)
    {
        Loss loss = name;
        var target = name.StartsWith("sparse", StringComparison.Ordinal) ? Tensor.FromArray([1]) : Row(0, 1);
        foreach (var device in (Device[])[Device.Cpu, Cuda.CudaTest.Device])
            foreach (var layer in (Layer[])[new Softmax(), new ActivationLayer("softmax")])
            {
                using var tape = new GradientTape();
                var logits = tape.Watch(Row(17, 0).To(device));
                var value = loss.Call(target.To(device), layer.Call(logits));
                Assert.Equal(17, value.Item(), 1e-6);
                double[] gradient = tape.Gradient(value, logits).ToDoubles();
                Assert.Equal(1, gradient[0], 1e-6);
                Assert.Equal(-1, gradient[1], 1e-6);
            }
    }

    [Fact]
    public void A_loss_behind_a_sigmoid_goes_back_to_the_logits()
    {
        Loss loss = new BinaryCrossentropy();
        foreach (var device in (Device[])[Device.Cpu, Cuda.CudaTest.Device])
        {
            using var tape = new GradientTape(persistent: true);
            var logits = tape.Watch(Row(17).To(device));
            var value = loss.Call(Row(0).To(device), new ActivationLayer("sigmoid").Call(logits));
            Assert.Equal(17, value.Item(), 1e-5);
            Assert.Equal(1, tape.Gradient(value, logits).Item(), 1e-6);
            // At the end of a product, in one pass with it.
            var dense = new Dense(1, "sigmoid", kernelInitializer: "ones");
            value = loss.Call(Row(0).To(device), dense.Call(logits));
            Assert.Equal(17, value.Item(), 1e-5);
            Assert.Equal(1, tape.Gradient(value, dense.Bias!).Item(), 1e-6);
            Assert.Equal(17, tape.Gradient(value, dense.Kernel!).Item(), 1e-5);
        }
    }

    [Fact]
    public void Training_behind_a_softmax_is_training_with_logits()
    {
        double[] Fitted(bool fromLogits)
        {
            var x = Tensor.RandomNormal([12, 3], random: new RandomState(5)) * 30;
            var model = new Sequential { new Dense(4, fromLogits ? null : "softmax", kernelInitializer: "ones") };
            model.Compile(new SGD(0.1), Loss.SparseCategoricalCrossentropy(fromLogits));
            model.Fit(x, Tensor.FromArray([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]), epochs: 3, batchSize: 4, shuffle: false);
            return model.Parameters[0].Value.ToDoubles();
        }
        Assert.Equal(Fitted(true), Fitted(false));
    }

    [Fact]
    public void Raw_scores_are_no_probabilities()
    {
        var scores = Tensor.FromArray(new float[,] { { 3, -1, 0.5f }, { 0.2f, 0.3f, 0.5f } });
        foreach (var (loss, target) in ((Loss, Tensor)[])[("sparse_categorical_crossentropy", Tensor.FromArray([0, 1])),
            ("categorical_crossentropy", Tensor.Eye(3)[..2]), ("binary_crossentropy", Tensor.Ones([2, 3]))])
        {
            var error = Assert.Throws<InvalidInputException>(() => loss.Call(target, scores));
            Assert.Contains("fromLogits", error.Message);
            Assert.Contains("no probabilities", error.Message);
            Assert.True(double.IsNaN(loss.Call(target.To(Cuda.CudaTest.Device), scores.To(Cuda.CudaTest.Device)).Item()));
        }
        Assert.Contains("no probabilities", Assert.Throws<InvalidInputException>(() => new CategoricalCrossentropy().Call(Row(0, 1), Row(0.5f, 0.9f))).Message);
        Assert.True(double.IsFinite(new CategoricalCrossentropy().Call(Row(0, 1), Row(0.1f, 0.9f)).Item()));
        var model = new Sequential { new Dense(3) };
        model.Compile("sgd", "sparse_categorical_crossentropy");
        Assert.Contains("fromLogits",
            Assert.Throws<InvalidInputException>(() => model.Fit(Tensor.RandomNormal([8, 2]) * 9, Tensor.Zeros([8], DType.Int32))).Message);
    }

    [Fact]
    public void A_label_out_of_range_on_a_device_is_named()
    {
        var model = new Sequential { new Dense(3) };
        model.To(Cuda.CudaTest.Device);
        model.Compile("sgd", Loss.SparseCategoricalCrossentropy(fromLogits: true));
        var error = Assert.Throws<NumericException>(() =>
            model.Fit(Tensor.Ones([4, 2]), Tensor.FromArray([0, 1, 7, 2]), epochs: 1, batchSize: 4, shuffle: false));
        Assert.Contains("label 7", error.Message);
        Assert.Contains("row 2", error.Message);
        Assert.Contains("0 to 2", error.Message);
    }

    [Theory]
    [InlineData("sum_squared_error", 55)]
    [InlineData("half_sum_squared_error", 27.5)]
    [InlineData("mse", 11)]
    public void An_evaluation_has_one_value_however_it_is_cut(string loss, double expected)
    {
        var model = new Sequential { new Dense(1, kernelInitializer: "zeros") };
        model.Compile("sgd", loss);
        Tensor x = Tensor.Ones([5, 1]), y = Tensor.FromArray([1f, 2, 3, 4, 5], [5, 1]);
        foreach (int batch in (int[])[1, 2, 3, 5]) Assert.Equal(expected, model.Evaluate(x, y, batch).Loss, 1e-5);
        model.Compile(new SGD(0), loss, replace: true);
        foreach (int batch in (int[])[1, 2, 3, 5]) Assert.Equal(expected, model.Fit(x, y, epochs: 1, batchSize: batch)["loss"][0], 1e-5);
    }

    [Fact]
    public void Accuracy_beside_binary_crossentropy_is_that_of_each_output()
    {
        var x = Tensor.FromArray(new float[,] { { 0.9f, 0.8f, 0.1f }, { 0.2f, 0.7f, 0.6f } });
        var right = Tensor.FromArray(new float[,] { { 1, 1, 0 }, { 0, 1, 1 } });
        var half = Tensor.FromArray(new float[,] { { 1, 0, 1 }, { 0, 0, 1 } });
        var model = new Sequential { new ActivationLayer("linear") };
        model.Compile("sgd", "binary_crossentropy", ["accuracy"]);
        Assert.Equal(1, model.Evaluate(x, right)["accuracy"], 1e-12);
        Assert.Equal(0.5, model.Evaluate(x, half)["accuracy"], 1e-12);
    }

    [Fact]
    public void Batch_normalization_of_one_row_leaves_the_statistics()
    {
        var layer = new BatchNormalization();
        layer.Call(Tensor.Ones([4, 3]));
        using var tape = new GradientTape();
        var x = tape.Watch(Row(1, 2, 3));
        var y = layer.Call(x, training: true);
        Assert.Equal(layer.Call(x).ToDoubles(), y.ToDoubles());
        Assert.Equal([1.0, 1, 1], layer.MovingVariance!.Value.ToDoubles());
        Assert.Equal([0.0, 0, 0], layer.MovingMean!.Value.ToDoubles());
        Assert.All(tape.Gradient(y.Sum(), layer.Beta!).ToDoubles(), g => Assert.Equal(1, g));
        // One image has as many numbers a channel as it has pixels.
        layer.Call(Tensor.RandomNormal([1, 5, 5, 3]), training: true);
        Assert.NotEqual([0.0, 0, 0], layer.MovingMean!.Value.ToDoubles());
    }
}
