using NativeDL.Layers;

namespace NativeDL.Tests;

public class RecurrentTests
{
    private static readonly Tensor X = Tensor.RandomNormal([2, 5, 3], random: 1);

    [Fact]
    public void A_step_is_taken_along_the_sequence_with_masks_and_state()
    {
        var layer = new Gru(4);
        var whole = layer.Call([X])[0];
        Assert.Equal(Shape.Of(2, 5, 4), whole.Shape);

        // Padding in front and behind changes nothing.
        var mask = Tensor.FromArray(new[,] { { 0, 1, 1, 1, 1, 1, 0 }, { 0, 1, 1, 1, 1, 1, 0 } }) != 0;
        var padded = layer.Call([X.Pad([(0, 0), (1, 1), (0, 0)]).WithMask(mask)]);
        Assert.True(padded[0][.., 1..6].AllClose(whole));
        Assert.True(padded[1].AllClose(whole[.., ^1]));
        Assert.Equal(0, padded[0][.., 0].Abs().Sum().Item());
        Assert.Same(mask, padded[0].Mask);

        var state = new CarriedState();
        Tensor[] parts = [.. new[] { X[.., ..2], X[.., 2..] }.Select(part => layer.Call([part], new CallContext(state: state))[0])];
        Assert.True(Tensor.Concat(parts, 1).AllClose(whole));
        Assert.Contains("batch of 1 rows", Assert.Throws<ShapeMismatchException>(() => layer.Call([X[..1]], new CallContext(state: state))).Message,
            StringComparison.Ordinal);

        var report = layer.CheckGradients([X.WithMask(mask[.., ..5])]);
        Assert.True(report.Passed, report.ToString());
    }

    [Fact]
    public void Backward_the_last_step_comes_first()
    {
        var forward = new Gru(4);
        var backward = new Gru(4, reverse: true);
        backward.Call([X]);
        forward.Call([X]);
        backward.CopyFrom(forward);
        Assert.True(backward.Call([X.Flip(1)])[0].Flip(1).AllClose(forward.Call([X])[0]));
    }

    [Fact]
    public void A_sequence_of_an_open_length_has_its_shapes()
    {
        var x = Model.Input([Shape.None, 3]);
        var (all, last) = new Gru(4).Call([x]);
        Assert.Equal(Shape.Of(Shape.None, Shape.None, 4), all.Shape);
        Assert.Equal(Shape.Of(Shape.None, 4), last.Shape);
        var model = new Model(x, new Dense(2).Call(all));
        Assert.Equal(Shape.Of(2, 5, 2), model.Predict(X).Shape);
        Assert.Equal(Shape.Of(2, 4, 2), model.Predict(X[.., ..4]).Shape);
    }

    [Fact]
    public void What_is_no_sequence_and_steps_that_lose_a_state_are_refused()
    {
        var call = new CallContext();
        Assert.Throws<ShapeMismatchException>(() => call.Scan(Tensor.Ones([2]), default, (x, s) => (x, s)));
        Assert.Contains("no step", Assert.Throws<ShapeMismatchException>(() => call.Scan(Tensor.Ones([2, 0, 1]), default, (x, s) => (x, s))).Message,
            StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => call.Scan(X, Tensor.Ones([2, 1]), (x, s) => (x, default)));
    }

    [Fact]
    public void A_copy_shares_nothing_and_an_unbuilt_one_is_built()
    {
        var model = new Sequential { new Dense(4, "relu", name: "first"), new Dense(2) };
        Assert.False(model.Clone().IsBuilt);
        var y = model.Predict(X);
        var copy = model.Clone();
        Assert.Equal(y.ToArray<float>(), copy.Predict(X).ToArray<float>());
        Assert.Equal(["first/kernel", "first/bias", "dense/kernel", "dense/bias"], copy.NamedParameters.Select(p => p.Key));
        copy.Parameters[0].Assign(Tensor.Zeros([3, 4]));
        Assert.Equal(y.ToArray<float>(), model.Predict(X).ToArray<float>());

        var target = new Sequential { new Dense(4, "relu"), new Dense(2) };
        target.CopyFrom(model);
        Assert.Equal(y.ToArray<float>(), target.Predict(X).ToArray<float>());
        Assert.Throws<InvalidInputException>(() => model.CopyFrom(new Sequential { new Dense(1) }));
        var other = new Sequential { new Dense(5), new Dense(2) };
        other.Build(2, 3);
        Assert.Contains("'dense/kernel' [3, 5]", Assert.Throws<ShapeMismatchException>(() => model.CopyFrom(other)).Message, StringComparison.Ordinal);
    }

    private sealed class Gru(int units, bool reverse = false) : Layer
    {
        private Parameter? kernel, recurrent, bias;

        protected override void CreateWeights(Shape input)
        {
            kernel = AddWeight("kernel", [input[^1], 3 * units]);
            recurrent = AddWeight("recurrent_kernel", [units, 3 * units], "orthogonal");
            bias = AddWeight("bias", [3 * units], "zeros");
        }

        protected override Tensors Forward(Tensors inputs, CallContext call)
        {
            var x = inputs[0];
            var first = call.State.Count > 0 ? call.State : Tensor.ZerosLike(x, [-1, units]);
            var (outputs, state) = call.Scan(x.Linear(kernel!, bias!), first, Step, reverse);
            call.State = state;
            return (outputs, state[0]);
        }

        private (Tensor, Tensors) Step(Tensor x, Tensors state)
        {
            Tensor[] p = x.Split(3, axis: -1), r = state[0].MatMul(recurrent!).Split(3, axis: -1);
            var z = (p[0] + r[0]).Sigmoid();
            var h = z * state[0] + (1 - z) * (p[1] + (p[2] + r[2]).Sigmoid() * r[1]).Tanh();
            return (h, h);
        }
    }
}
