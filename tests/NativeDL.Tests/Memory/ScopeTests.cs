namespace NativeDL.Tests;

public class ScopeTests
{
    [Fact]
    public void A_freed_tensor_says_where_its_scope_began()
    {
        Tensor inner;
        using (TensorScope.Begin()) inner = Tensor.Ones([3]);
        var error = Assert.Throws<ObjectDisposedException>(() => inner + 1);
        Assert.Contains($"{nameof(ScopeTests)}.cs:", error.Message, StringComparison.Ordinal);
        Assert.Contains("freed", inner.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Kept_tensors_move_to_the_scope_around()
    {
        Tensor twice, once;
        using (var outer = TensorScope.Begin())
        {
            using (var inner = TensorScope.Begin())
            {
                once = inner.Keep(Tensor.Ones([3]));
                twice = outer.Keep(inner.Keep(Tensor.Ones([3])));
            }
            Assert.Equal(3, once.Sum().Item());
        }
        Assert.Throws<ObjectDisposedException>(() => once.Sum());
        Assert.Equal(3, twice.Sum().Item());
    }

    [Fact]
    public void A_kept_view_keeps_its_memory()
    {
        Tensor view;
        using (var scope = TensorScope.Begin()) view = scope.Keep(Tensor.Arange(0.0, 5000)[10..12]);
        for (int i = 0; i < 50; i++) using (TensorScope.Begin()) Tensor.Full([5000], -1);
        Assert.Equal([10f, 11f], view.ToArray<float>());
    }

    [Fact]
    public void Parameters_made_inside_of_a_scope_outlive_it()
    {
        var layer = new Layers.Dense(4);
        using (TensorScope.Begin()) layer.Call(Tensor.Ones([2, 3]));
        Assert.Equal(Shape.Of(2, 4), layer.Call(Tensor.Ones([2, 3])).Shape);
    }

    [Fact]
    public void Scopes_end_in_the_reverse_order_of_their_beginnings()
    {
        var outer = TensorScope.Begin();
        var inner = TensorScope.Begin();
        var error = Assert.Throws<InvalidInputException>(outer.Dispose);
        Assert.Equal(2, error.Message.Split($"{nameof(ScopeTests)}.cs:").Length - 1);
        inner.Dispose();
        outer.Dispose();
    }

    [Fact]
    public void An_outer_scope_keeps_what_an_inner_one_made()
    {
        Tensor kept;
        using (var outer = TensorScope.Begin())
        {
            using (TensorScope.Begin()) kept = outer.Keep(Tensor.Ones([3]));
            Assert.Equal(3, kept.Sum().Item());
        }
        Assert.Equal(3, kept.Sum().Item());
    }

    [Fact]
    public void A_scope_that_has_ended_keeps_nothing()
    {
        var scope = TensorScope.Begin();
        var x = Tensor.Ones([3]);
        scope.Dispose();
        Assert.Contains("has ended", Assert.Throws<ObjectDisposedException>(() => scope.Keep(x)).Message, StringComparison.Ordinal);
    }
}
