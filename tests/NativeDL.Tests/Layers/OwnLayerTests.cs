using NativeDL.Layers;

namespace NativeDL.Tests;

/// <summary>What layers of one's own stand on: tensors like others, state, types, checks.</summary>
public class OwnLayerTests
{
    [Fact]
    public void Tensors_like_others_take_open_sizes_type_and_device()
    {
        var x = Tensor.Ones([3, 4], DType.Float64);
        Assert.Equal((Shape.Of(3, 8), DType.Float64, 0.0), Described(Tensor.ZerosLike(x, [-1, 8])));
        Assert.Equal((Shape.Of(3, 4), DType.Float64, 12.0), Described(Tensor.OnesLike(x)));
        Assert.Equal((Shape.Of(2, 4), DType.Float64, 4.0), Described(Tensor.FullLike(x, 0.5, [2, Shape.None])));
        Assert.Equal(Tensor.RandomNormal([3, 2], 1, 2, DType.Float64, random: 5).ToArray<double>(),
            Tensor.RandomNormalLike(x, [-1, 2], 1, 2, 5).ToArray<double>());
        Assert.Equal(Tensor.RandomUniform([3, 4], dtype: DType.Float64, random: 5).ToArray<double>(), Tensor.RandomUniformLike(x, random: 5).ToArray<double>());
        Assert.Contains("[-1, 8, -1] like [3, 4]".Replace("-1", "None", StringComparison.Ordinal),
            Assert.Throws<ShapeMismatchException>(() => Tensor.ZerosLike(x, [-1, 8, -1])).Message, StringComparison.Ordinal);

        var symbol = Model.Input(Shape.None, 4);
        Assert.Equal(Shape.Of(Shape.None, Shape.None, 8), Tensor.ZerosLike(symbol, [-1, -1, 8]).Shape);
        var model = new Model(symbol, Tensor.ZerosLike(symbol, [-1, 8]) + symbol.Sum((1, 2)).ExpandDims(-1));
        Assert.Equal(Shape.Of(5, 8), model.Call(Tensor.Ones([5, 2, 4])).Shape);

        static (Shape, DType, double) Described(Tensor y) => (y.Shape, y.DType, y.Sum().Item());
    }

    [Fact]
    public void A_layer_that_draws_is_called_on_symbols_and_is_checked()
    {
        var (mean, spread) = (Model.Input(2), Model.Input(2));
        var model = new Model([mean, spread], new Sampling().Call([mean, spread])[0]);
        Assert.Equal(Shape.Of(Shape.None, 2), model.Output.Shape);
        Assert.Equal(Shape.Of(3, 2), model.Predict([Tensor.Ones([3, 2]), Tensor.Ones([3, 2])])[0].Shape);
        // The added loss counts: without it the gradient of the spread would be another.
        var report = model.CheckGradients([Tensor.RandomNormal([3, 2], random: 1), Tensor.RandomNormal([3, 2], random: 2)], training: true);
        Assert.True(report.Passed, report.ToString());
        Assert.Equal(12, report.Compared);
    }

    [Fact]
    public void A_check_says_where_a_type_of_its_own_comes_from() =>
        Assert.Contains("Tensor.ZerosLike(x, …)", Assert.Throws<DTypeMismatchException>(() => new AddsSingles().CheckGradients(Tensor.Ones([2, 2]))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_state_that_is_read_and_then_changed_does_not_break_an_open_tape()
    {
        var layer = new Normalized();
        var x = Tensor.RandomNormal([4, 3], random: 3);
        layer.Call(x);
        var before = layer.Parameters[0].Value.Clone();
        using (var tape = new GradientTape())
        {
            tape.Watch(x);
            var gradient = tape.Gradient(layer.Call(x, training: true).Square().Sum(), x);
            Assert.True(gradient.AllClose(2 * x * before.Square()));
        }
        Assert.False(layer.Parameters[0].Value.AllClose(before));
        Assert.True(layer.CheckGradients(x, training: true).Passed);
    }

    [Fact]
    public void Inputs_become_of_the_type_that_was_set_and_a_type_cannot_be_changed_later()
    {
        var layer = new Dense(3) { DType = DType.BFloat16 };
        Assert.Equal(DType.BFloat16, layer.Call(Tensor.Ones([2, 4])).DType);
        Assert.Contains("made already", Assert.Throws<InvalidInputException>(() => layer.DType = DType.Float32).Message, StringComparison.Ordinal);
        layer.DType = DType.BFloat16;

        var model = new Sequential { new Dense(4, "tanh"), new Dense(1) };
        model.DType = DType.BFloat16;
        model.Compile("adam", "mse");
        Assert.True(double.IsFinite(model.Fit(Tensor.RandomNormal([16, 3], random: 1), Tensor.Ones([16, 1]), epochs: 1)["loss"][0]));
        Assert.All(model.Parameters, p => Assert.Equal(DType.BFloat16, p.DType));
        using var folder = new TemporaryFolder();
        model.Save(folder.File("m.ndl"));
        Assert.Equal(DType.BFloat16, Model.Load(folder.File("m.ndl")).Call(Tensor.Ones([1, 3])).DType);

        var ids = new Embedding(300, 1) { DType = DType.BFloat16 };
        ids.Call(Tensor.Of(1));
        ids.Parameters[0].Assign(Tensor.Arange(300.0).ExpandDims(-1).Cast(DType.BFloat16));
        Assert.Equal(256, ids.Call(Tensor.Of(257)).Item(), 2.0); // the row is found by the number as it is
        Assert.Throws<DTypeMismatchException>(() => { var d = new Dense(2); d.Call(Tensor.Ones([1, 2])); d.Call(Tensor.Ones([1, 2], DType.Float64)); });
    }

    [Fact]
    public void Fit_evaluate_and_predict_carry_a_state()
    {
        var x = Tensor.Ones([6, 1]);
        var model = new Sequential { new Dense(1, useBias: false, kernelInitializer: "ones") { Trainable = false }, new Remembers(),
            new Dense(1, useBias: false, kernelInitializer: "ones") };
        var state = new CarriedState();
        Assert.Equal([1, 1, 2, 2, 3, 3], model.Predict(x, batchSize: 2, state: state).ToArray<float>());
        Assert.Equal([4, 4], model.Predict(x[..2], state: state).ToArray<float>());
        Assert.Contains("state Float32 [2, 1]", Assert.Throws<ShapeMismatchException>(() => model.Predict(x[..3], state: state)).Message,
            StringComparison.Ordinal);

        model.Compile(new SGD(0), "mse");
        double expected = new[] { 1, 4, 9 }.Average();
        Assert.Equal(expected, model.Evaluate(x, Tensor.Zeros([6, 1]), batchSize: 2, state: new CarriedState()).Loss, 1e-6);
        Assert.Equal([expected, expected], model.Fit(x, Tensor.Zeros([6, 1]), epochs: 2, batchSize: 2, shuffle: false, state: new CarriedState())["loss"],
            (a, b) => Math.Abs(a - b) < 1e-5);
        var onward = model.Fit(x, Tensor.Zeros([6, 1]), epochs: 2, batchSize: 2, shuffle: false, state: new CarriedState { KeepsOverEpochs = true },
            validation: (x, Tensor.Zeros([6, 1])));
        Assert.Equal(new[] { 16, 25, 36 }.Average(), onward["loss"][1], 1e-4);
        Assert.Equal(expected, onward["val_loss"][1], 1e-5);
        Assert.Contains("shuffle: false", Assert.Throws<InvalidInputException>(() => model.Fit(x, x, state: new CarriedState())).Message,
            StringComparison.Ordinal);
        Assert.Contains("backup", Assert.Throws<InvalidInputException>(() => model.Fit(x, x, shuffle: false, resume: "nowhere", state: new CarriedState()))
            .Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_with_another_state_keeps_what_the_call_shares()
    {
        var (layer, call, state) = (new Remembers(), new CallContext(), new CarriedState());
        var inner = call.With(state: state);
        layer.Call(Tensor.Ones([1, 1]), inner);
        inner.AddLoss(Tensor.Scalar(2));
        Assert.Equal(2, call.Losses[0].Item());
        Assert.Equal(2, layer.Call(Tensor.Ones([1, 1]), new CallContext(state: state)).Item());
        Assert.Equal(1, layer.Call(Tensor.Ones([1, 1]), new CallContext(state: state).With(state: null)).Item());
    }

    [Fact]
    public void A_layer_is_found_by_name_and_class_and_the_only_tensor_is_taken_out()
    {
        var model = new Sequential { new Dense(2, name: "head"), new Dropout(0.5) };
        Assert.Same(model[0], model.GetLayer<Dense>("head"));
        Assert.Contains("of another class. Got Dense; expected Dropout", Assert.Throws<InvalidInputException>(() => model.GetLayer<Dropout>("head")).Message,
            StringComparison.Ordinal);
        Tensors one = Tensor.Ones([1]), two = [Tensor.Ones([1]), Tensor.Ones([1])];
        Assert.Equal(1, one.Single().Item());
        Assert.Throws<InvalidInputException>(() => two.Single());
    }

    [Fact]
    public void Metrics_are_found_by_the_name_that_was_given()
    {
        var model = new Sequential { new Dense(1) };
        model.Compile("sgd", "mse", ["mae"]);
        var (x, y) = (Tensor.Ones([4, 2]), Tensor.Ones([4, 1]));
        var history = model.Fit(x, y, epochs: 3, validation: (x, y), callbacks: [new EarlyStopping("val_mae", patience: 9)]);
        Assert.Equal(history["mean_absolute_error"], history["mae"]);
        Assert.True(history.Contains("val_mae"));
        Assert.Equal(model.Evaluate(x, y)["mean_absolute_error"], model.Evaluate(x, y)["mae"]);
        Assert.Throws<InvalidInputException>(() => history["mape"]);
        Assert.False(history.Contains("accuracy"));
    }

    private sealed class Sampling : Layer
    {
        protected override Tensors Forward(Tensors inputs, CallContext call)
        {
            var (mean, logVar) = inputs;
            call.AddLoss(-0.5 * (1 + logVar - mean.Square() - logVar.Exp()).Sum(-1).Mean());
            return mean + (0.5 * logVar).Exp() * Tensor.RandomNormalLike(mean, random: call.Random);
        }
    }

    private sealed class AddsSingles : Layer
    {
        protected override Tensor Forward(Tensor x, CallContext call) => x + Tensor.Zeros([1]);
    }

    private sealed class Normalized : Layer
    {
        private Parameter? scale;

        protected override void CreateWeights(Shape input) => scale = AddWeight("scale", [input[^1]], "ones", trainable: false);

        protected override Tensor Forward(Tensor x, CallContext call)
        {
            var y = x * scale!;
            if (call.Training) call.Update(scale!, s => s * 0.5);
            return y;
        }
    }

    private sealed class Remembers : Layer
    {
        protected override Tensor Forward(Tensor x, CallContext call)
        {
            var sum = call.State.Count == 0 ? x : call.State[0] + x;
            call.State = sum;
            return sum;
        }
    }
}
