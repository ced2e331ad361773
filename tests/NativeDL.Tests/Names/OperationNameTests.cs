using System.Text.RegularExpressions;

namespace NativeDL.Tests.Names;

public sealed partial class OperationNameTests
{
    [Fact]
    public void Names_of_operations_are_lower_case_words() =>
        Assert.All(OpRegistry.All.Select(spec => spec.Name), name => Assert.Matches(Words(), name));

    [Fact]
    public void An_operation_without_a_name_has_that_of_its_class()
    {
        Assert.Equal("log_softmax", SnakeCase.Of("LogSoftmax"));
        Assert.Equal("conv2d", SnakeCase.Of("Conv2D"));
        Assert.Equal("half_cube", new HalfCubeOp().Name);
        Assert.Equal("op", new Op().Name);
    }

    private class HalfCubeOp : NativeDL.Op
    {
        protected override void Infer(Operands x, Results y) => y[0] = x[0];

        protected override Tensors Backward(BackwardCall call) => throw NoDerivative("nobody asks");
    }

    private sealed class Op : HalfCubeOp;

    /// <summary>Of operations and kernels.</summary>
    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    internal static partial Regex Words();
}
