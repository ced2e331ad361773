using NativeDL.Layers;

namespace NativeDL.Tests;

public class CallContextTests
{
    private static readonly Tensor Steps = Tensor.FromArray<float>([1, 2, 0, 3, 0, 0], [2, 3]);

    [Fact]
    public void A_mask_follows_the_layers_that_keep_the_time_axis_and_no_others()
    {
        var (kept, lost) = (new MaskSeen(), new MaskSeen());
        var model = new Sequential { new ZeroMask(), new Dense(4), new Sequential { new Dropout(0.5), kept }, new Flatten(), lost };
        var y = model.Call(Steps.ExpandDims(-1));
        Assert.Equal([true, true, false, true, false, false], kept.Mask!.ToArray<bool>());
        Assert.Null(lost.Mask);
        Assert.Null(y.Mask);
    }

    [Fact]
    public void A_mask_of_a_wrong_shape_or_type_is_refused()
    {
        var x = Tensor.Ones([2, 3, 4]);
        Assert.Contains("mask [2, 4] and tensor [2, 3, 4]", Assert.Throws<ShapeMismatchException>(() => x.WithMask(Tensor.Ones([2, 4], DType.Bool))).Message,
            StringComparison.Ordinal);
        Assert.Throws<DTypeMismatchException>(() => x.WithMask(Tensor.Ones([2, 3])));
    }

    [Fact]
    public void Dropout_draws_from_the_random_state_of_the_call()
    {
        var (layer, x) = (new Sequential { new Dropout(0.5), new Dropout(0.5) }, Tensor.Ones([50]));
        float[] Draw(ulong seed) => layer.Call(x, new CallContext(training: true, random: new RandomState(seed))).ToArray<float>();
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
    }

    [Fact]
    public void State_is_carried_from_call_to_call_and_kept_apart_for_each_use_of_a_layer()
    {
        var count = new RunningSum();
        var model = new Sequential { count, count };
        var (state, one) = (new CarriedState(), Tensor.Ones([1]));
        float Next()
        {
            using var scope = TensorScope.Begin();
            return (float)model.Call(one, new CallContext(state: state)).Item();
        }
        Assert.Equal([1, 3, 6], [Next(), Next(), Next()]);
        Assert.Equal(2, state.Count);
        state.Reset();
        Assert.Equal(1, Next());
        Assert.Equal([1, 1], [.. Enumerable.Range(0, 2).Select(_ => (float)model.Call(one).Item())]); // nothing is carried where nothing was given
    }

    [Fact]
    public void A_part_may_be_held_in_inference_while_the_rest_trains()
    {
        var layer = new Held(new Dropout(0.9));
        Assert.Equal(50, layer.Call(Tensor.Ones([50]), training: true).Sum().Item());
    }

    [Fact]
    public void Added_losses_are_trained_on_and_must_be_numbers()
    {
        var model = new Sequential { new Dense(1, useBias: false, kernelInitializer: "ones"), new Shrink() };
        model.Compile(new SGD(0.1), "mse");
        double loss = model.TrainOnBatch(Tensor.Ones([4, 1]), Tensor.Ones([4, 1]));
        Assert.Equal(1, loss, 1e-6);
        Assert.Equal(0.8, model.Parameters[0].Value.Item(), 1e-6);
        Assert.Throws<ShapeMismatchException>(() => new CallContext().AddLoss(Tensor.Ones([2])));
    }

    [Fact]
    public void An_error_names_the_layers_it_passes_also_where_the_context_was_not_handed_on()
    {
        var model = new Sequential("outer") { new Held(new Sequential { new Dense(2, name: "broken") }, handsOn: false) };
        string message = Assert.Throws<ShapeMismatchException>(() => model.Call(Tensor.Ones([3]))).Message;
        Assert.EndsWith("In layer 'outer/held/sequential/broken'.", message, StringComparison.Ordinal);
    }

    private sealed class ZeroMask : Layer
    {
        protected override Tensor Forward(Tensor x, CallContext call) => x * 1;

        protected override Tensor? ComputeMask(Tensors inputs, Tensor output, CallContext call) => inputs[0].NotEqual(0).Squeeze(-1);
    }

    private sealed class MaskSeen : Layer
    {
        public Tensor? Mask { get; private set; }

        protected override Tensor Forward(Tensor x, CallContext call)
        {
            Mask = call.Mask;
            return x;
        }
    }

    private sealed class RunningSum : Layer
    {
        protected override Tensor Forward(Tensor x, CallContext call)
        {
            var sum = call.State.Count == 0 ? x : call.State[0] + x;
            call.State = sum;
            return sum;
        }
    }

    private sealed class Shrink : Layer
    {
        protected override Tensor Forward(Tensor x, CallContext call)
        {
            call.AddLoss(x.Square().Mean());
            return x;
        }
    }

    private sealed class Held : Layer
    {
        private readonly Layer inner;
        private readonly bool handsOn;

        public Held(Layer inner, bool handsOn = true)
        {
            this.inner = Track(inner);
            this.handsOn = handsOn;
        }

        protected override Tensor Forward(Tensor x, CallContext call) => handsOn ? inner.Call(x, call.With(training: false)) : inner.Call(x);
    }
}
