using NativeDL.Layers;

namespace NativeDL.Tests;

public class MaskTests
{
    private static readonly Tensor Ids = Tensor.FromArray(new[,] { { 1, 2, 0 }, { 3, 0, 0 } });
    private static readonly Tensor Counts = Ids != 0;

    private static Tensor Steps(params int[] shape) => Tensor.RandomNormal(shape, random: 1).WithMask(Counts);

    [Fact]
    public void Operations_that_keep_the_steps_pass_the_mask_on()
    {
        var x = Steps(2, 3, 4);
        (string Name, Tensor Result)[] kept =
        [
            ("number", x * 2), ("function", x.Tanh()), ("left", 1 - x), ("broadcast", x + Tensor.Ones([4])), ("same", x + x.Exp()),
                ("product", x.MatMul(Tensor.Ones([4, 5]))), ("linear", x.Linear(Tensor.Ones([4, 3]), Tensor.Ones([3]))),
            ("features", x[.., .., 1..3]), ("heads", x.Reshape(2, 3, 2, 2)), ("new axis", x.ExpandDims(-1)), ("joined", Tensor.Concat([x, x], -1)),
                ("joined with one that has none", Tensor.Concat([x, Tensor.Ones([2, 3, 1])], -1)),
            ("sum of features", x.Sum(-1)), ("mean that stays", x.Mean(-1, keepDims: true)), ("argmax", x.ArgMax(-1)), ("softmax", x.Softmax()),
                ("along time", x.CumSum(1)), ("cast", x.Cast(DType.Float64)), ("clone", x.Clone()), ("constant", x.StopGradient()),
            ("where", Tensor.Where(x > 0, x, 0)), ("dropout", x.Dropout(0.5)), ("look-up", Tensor.Ones([5, 2]).Gather(Ids.WithMask(Counts))),
                ("one-hot", Ids.WithMask(Counts).OneHot(4)), ("zeros", Tensor.ZerosLike(x)), ("permuted features", x.Reshape(2, 3, 2, 2).Permute(0, 1, 3, 2)),
        ];
        foreach (var (name, y) in kept) Assert.True(ReferenceEquals(Counts, y.Mask), name);
    }

    [Fact]
    public void Slices_and_joined_steps_take_their_masks_along()
    {
        var x = Steps(2, 3, 4);
        Assert.Equal([true, false, false, false], x[.., 1..].Mask!.ToArray<bool>());
        Assert.Equal([true, false, false], x[1..].Mask!.ToArray<bool>());
        Assert.Equal([false, true, true, false, false, true], x.Flip(1).Mask!.ToArray<bool>());
        Assert.Equal([true, true, false, true, true, false, false, true], Tensor.Concat([x, Tensor.Ones([2, 1, 4])], 1).Mask!.ToArray<bool>());
        Assert.Equal([true, true, false, true, false, false, true, true, false, true, false, false], Tensor.Concat([x, x]).Mask!.ToArray<bool>());
    }

    [Fact]
    public void Of_several_masks_a_step_must_count_in_each()
    {
        var other = Tensor.FromArray(new[,] { { 1, 0, 1 }, { 1, 1, 1 } }) != 0;
        Assert.Equal([true, false, false, true, false, false], (Steps(2, 3, 4) * Tensor.Ones([2, 3, 4]).WithMask(other)).Mask!.ToArray<bool>());
        Assert.Equal([false, false, false, true, false, false], (Steps(2, 3, 4) * Tensor.Ones([2, 3, 1]).WithMask(Tensor.Of(0, 1) != 0)).Mask!.ToArray<bool>());
    }

    [Fact]
    public void Where_the_steps_go_or_move_there_is_no_mask()
    {
        var x = Steps(2, 3, 3);
        Tensor[] lost = [x.Sum(1), x.Mean(), x[.., 0], x.Transpose(1, 2), x.Flatten(1), x.Pad([(0, 0), (0, 1), (0, 0)]), Tensor.Ones([2, 3, 3]).MatMul(x),
            x.MatMul(x, transposeA: true), Tensor.Stack([x, x])];
        Assert.All(lost, y => Assert.Null(y.Mask));
        Assert.Null(Tensor.Ones([2, 3]).WithMask(Counts).MatMul(Tensor.Ones([3, 3])).Mask);
    }

    [Fact]
    public void The_given_tensor_and_its_gradient_stay_what_they_were()
    {
        var x = Tensor.RandomNormal([2, 3, 4], random: 2);
        using var tape = new GradientTape();
        tape.Watch(x);
        var y = x.WithMask(Counts);
        Assert.Null(x.Mask);
        Assert.True(tape.Gradient((y * y).Sum(), x).AllClose(2 * x));
    }

    [Fact]
    public void What_outlives_a_scope_keeps_its_mask_and_what_does_not_is_forgotten()
    {
        // The ids are made here, before the scope, also where this test is the first.
        Tensor kept, outside = Tensor.Ones([2, 3, 1]), ids = Ids;
        using (var scope = TensorScope.Begin())
        {
            kept = scope.Keep((outside * 2).WithMask(ids > 1));
        }
        Assert.Equal([false, true, false, true, false, false], (kept + 1).Mask!.ToArray<bool>());
    }

    [Fact]
    public void Padding_counts_neither_in_the_loss_nor_in_the_metrics_of_graphs_that_compute_by_operations()
    {
        (string Name, Func<Tensor, Tensor> Build)[] graphs =
        [
            ("concat", e => new Dense(4).Call(Tensor.Concat([e, e], -1))), ("number", e => e * 2), ("function", e => e.Tanh()),
                ("residual", e => e + new Dense(4).Call(e)),
            ("operations behind a layer", e => new Dense(4).Call(e.Tanh() * 3).Sigmoid()), ("own layer", e => new ByOperations().Call(e)),
        ];
        foreach (var (name, build) in graphs)
        {
            var input = Model.Input([3], dtype: DType.Int32);
            var model = new Model(input, build(new Embedding(5, 4, maskZero: true).Call(input)));
            model.Compile("sgd", Loss.SparseCategoricalCrossentropy(fromLogits: true), ["accuracy"]);
            var y = model.Predict(Ids);
            var counts = Counts.Cast(DType.Float32);
            double expected = ((y.SoftmaxCrossentropy(Ids) * counts).Sum() / counts.Sum()).Item();
            var logs = model.Evaluate(Ids, Ids);
            Assert.True(Math.Abs(expected - logs.Loss) < 1e-5, $"{name}: {expected} and {logs.Loss}");
            double right = ((y.ArgMax(-1).Equal(Ids) & Counts).Cast(DType.Float32).Sum() / counts.Sum()).Item();
            Assert.Equal(right, logs["accuracy"], 1e-6);
            Assert.Equal(Counts.ToArray<bool>(), y.Mask!.ToArray<bool>());
        }
    }

    [Fact]
    public void Masks_meet_those_that_layers_make()
    {
        var first = Tensor.FromArray(new[,] { { 0, 1, 1 }, { 1, 1, 1 } }) != 0;
        Assert.Equal([false, true, false, true, false, false], new Embedding(5, 2, maskZero: true).Call(Ids.WithMask(first)).Mask!.ToArray<bool>());
        Assert.Same(first, new Embedding(5, 2).Call(Ids.WithMask(first)).Mask);
        var steps = Tensor.FromArray<float>([1, 0, 2, 0, 0, 3], [2, 3, 1]).WithMask(first);
        Assert.Equal([false, false, true, false, false, true], new Masking().Call(steps).Mask!.ToArray<bool>());
    }

    [Fact]
    public void Predict_takes_masks_and_gives_what_is_left_of_them()
    {
        var (a, b) = (Model.Input([Shape.None, 2], "a"), Model.Input([Shape.None, 2], "b"));
        var model = new Model([a, b], a * 1 + new SumOfSteps().Call(b).ExpandDims(1));
        var (x, z) = (Tensor.Ones([2, 3, 2]), Tensor.Ones([2, 3, 2]));
        Tensor all = Tensor.Ones([2, 3], DType.Bool);
        var y = model.Predict([x, z], masks: [all, Counts])[0];
        Assert.Equal([3, 2], y[.., 0, 0].ToArray<float>());
        Assert.Equal(all.ToArray<bool>(), y.Mask!.ToArray<bool>());
        Assert.Equal([3, 2], model.Predict([x, z], batchSize: 1, masks: Tensors.Named(("b", Counts)))[0][.., 0, 0].ToArray<float>());
        Assert.Equal([3, 2], model.Call([x, z.WithMask(Counts)])[0][.., 0, 0].ToArray<float>());
        Assert.Null(z.Mask);
        Assert.Throws<ShapeMismatchException>(() => model.Predict([x, z], masks: [all, Tensor.Ones([3, 3], DType.Bool)]));
    }

    [Fact]
    public void A_mask_may_be_an_input_of_a_graph()
    {
        var (x, mask) = (Model.Input([Shape.None, 2]), Model.Input([Shape.None], dtype: DType.Bool));
        var model = new Model([x, mask], new SumOfSteps().Call(x.WithMask(mask)));
        Assert.Equal([2, 2, 1, 1], model.Call([Tensor.Ones([2, 3, 2]), Counts])[0].ToArray<float>());
    }

    [Fact]
    public void A_layer_that_hands_its_input_on_leaves_the_input_as_it_was()
    {
        var x = Tensor.Ones([2, 3, 1]);
        Assert.Same(Counts, new Marks().Call(x).Mask);
        Assert.Null(x.Mask);
    }

    [Fact]
    public void A_loss_by_hand_takes_the_prediction_s_mask()
    {
        var prediction = Tensor.FromArray<float>([1, 2, 9, 3, 9, 9], [2, 3]).WithMask(Counts);
        Assert.Equal(14 / 3.0, Loss.MeanSquaredError().Call(target: Tensor.Zeros([2, 3]), prediction: prediction, mask: prediction.Mask).Item(), 1e-6);
        Assert.Equal([false, false, true, false, true, true], (~Counts).ToArray<bool>());
    }

    private sealed class ByOperations : Layer
    {
        private readonly Dense dense;

        public ByOperations() => dense = Track(new Dense(4));

        protected override Tensor Forward(Tensor x, CallContext call)
        {
            var doubled = x * 2;
            Assert.Equal(call.Mask is null, doubled.Mask is null);
            return dense.Call(doubled, call);
        }
    }

    private sealed class SumOfSteps : Layer
    {
        protected override Tensor Forward(Tensor x, CallContext call) => (call.Mask is { } mask ? Tensor.Where(mask.ExpandDims(-1), x, 0) : x).Sum(1);
    }

    private sealed class Marks : Layer
    {
        protected override Tensor Forward(Tensor x, CallContext call) => x;

        protected override Tensor? ComputeMask(Tensors inputs, Tensor output, CallContext call) => Counts;
    }
}
