using System.Text;
using NativeDL.Cuda;
using NativeDL.Interop.Nvrtc;

namespace NativeDL.Tests.Cuda;

/// <summary>Kernels of one's own, from their text.</summary>
public sealed class CudaSourceTests
{
    private const string Text = """
        extern "C" __global__ void cube(const float* x, float* y, long long n)
        {
            long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
            if (i < n) y[i] = x[i] * x[i] * x[i];
        }
        """;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void An_operation_of_one_s_own_runs_its_own_kernel(int count)
    {
        var x = Tensor.Linspace(-2, 2, count);
        var here = new CubeOp().Run(x);
        Assert.Equal(here.ToArray<float>(), new CubeOp().Run(x.To(CudaTest.Device)).ToArray<float>());
        if (count == 0) return;
        using var tape = new GradientTape();
        var there = tape.Watch(x.To(CudaTest.Device));
        Assert.True(tape.Gradient(new CubeOp().Run(there), there).To(Device.Cpu).AllClose(3 * x.Square()));
    }

    [Fact]
    public void The_text_is_compiled_where_there_is_a_compiler_and_its_words_are_the_error_s()
    {
        var (good, bad) = (new CudaSource("cube", Text), new CudaSource("cube", Text.Replace("x[i] * x[i]", "z[i]", StringComparison.Ordinal)));
        if (!NvrtcLibrary.Instance.IsAvailable)
        {
            Assert.Contains("NVRTC", Assert.Throws<DeviceException>(() => good.Compile(80)).Message, StringComparison.Ordinal);
            return;
        }
        Assert.Contains(".entry cube", Encoding.UTF8.GetString(good.Compile(80)), StringComparison.Ordinal);
        Assert.Contains(".entry cube", Encoding.UTF8.GetString(good.Compile(999)), StringComparison.Ordinal); // a card newer than the compiler
        Assert.Contains("\"z\" is undefined", Assert.Throws<DeviceException>(() => bad.Compile(80)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_number_of_elements_stands_last()
    {
        var kernel = new CudaSource("cube", Text);
        var stream = CudaTest.Device.Stream;
        Assert.Contains("the last argument", Assert.Throws<InvalidInputException>(() => kernel.Launch(stream, (nint)0, 1.5)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidInputException>(() => kernel.Launch(stream));
        kernel.Launch(stream, (nint)0, (nint)0, 0L);
    }

    private sealed class CubeOp : Op
    {
        private static readonly CudaSource Kernel = new("cube", Text);

        protected override void Infer(Operands x, Results y) => y[0] = x[0];

        protected override void Compute<T>(Operands x, Results y)
        {
            var a = x.Span<T>(0);
            var b = y.Span<T>(0);
            for (int i = 0; i < a.Length; i++) b[i] = a[i] * a[i] * a[i];
        }

        protected override void Launch(Operands x, Results y, CudaStream stream) => Kernel.Launch(stream, x.Pointer(0), y.Pointer(0), x[0].ElementCount);

        protected override Tensors Backward(BackwardCall call) => 3 * call.Input(0).Square() * call.Gradient();
    }
}
