using NativeDL.Cuda;

namespace NativeDL.Tests.Cuda;

/// <summary>Graphs. Whatever runs on a device while it is captured becomes part of the graph or is refused, so nothing else runs beside them.</summary>
[Collection(nameof(Alone))]
public sealed unsafe class CudaGraphTests
{
    [Fact]
    public void A_captured_graph_runs_again_and_keeps_its_memory()
    {
        CudaDevice device = CudaDevice.Get(CudaTest.Graphs);
        nint stream = device.Stream.Handle;
        CudaBlock x = device.Pool.Rent(40, stream), kept = null!;
        nint inside = 0;
        CudaGraph graph = CudaGraph.Capture(device, () =>
        {
            var temporary = device.Pool.Rent(40, stream);
            inside = temporary.Address;
            CudaKernels.LaunchOver(device, "fill_f32", 10, temporary.Address, 5ul, 10L);
            device.CopyFrom(device, temporary.Address, x.Address, 40);
            temporary.Release();
            kept = device.Pool.Rent(40, stream);
        });
        Assert.Equal(2, graph.NodeCount);
        Assert.NotEqual(inside, device.Pool.Rent(40, stream).Address);
        var values = new int[10];
        for (int round = 0; round < 2; round++)
        {
            device.Clear(x.Address, 40);
            graph.Launch(device.Stream);
            fixed (int* p = values)
            {
                device.Download(x.Address, p, 40);
            }

            Assert.All(values, v => Assert.Equal(5, v));
        }

        kept.Release();
        graph.Dispose();
        Assert.Throws<ObjectDisposedException>(() => graph.Launch(device.Stream));
        x.Release();
    }

    [Fact]
    public void Waiting_inside_a_capture_is_refused_and_the_stream_stays_usable()
    {
        using var stream = new CudaStream(CudaDevice.Get(CudaTest.Graphs).Context, CUStreamFlags.NonBlocking);
        Assert.Throws<CudaException>(() => CudaGraph.Capture(stream, stream.Synchronize));
        stream.Synchronize();
        using CudaGraph empty = CudaGraph.Capture(stream, () => { });
        Assert.Equal(0, empty.NodeCount);
    }

    [Fact]
    public void A_step_of_Adam_is_captured_and_counts_on_when_it_is_replayed()
    {
        var device = CudaDevice.Get(CudaTest.Graphs);
        double[] expected = Train(Device.Cpu, optimizer => { for (int step = 0; step < 6; step++) optimizer(); });
        double[] found = Train(device, optimizer =>
        {
            for (int step = 0; step < 2; step++) optimizer();
            using var graph = CudaGraph.Capture(device, optimizer);
            for (int step = 0; step < 3; step++) graph.Launch(device.Stream);
            optimizer();
        });
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 1e-12);

        static double[] Train(Device device, Action<Action> steps)
        {
            Parameter[] parameters = [new("a", Tensor.FromArray([1.0, -2, 3]).To(device)), new("b", Tensor.FromArray([0.5]).To(device))];
            Tensor[] gradients = [Tensor.FromArray([0.1, 0.2, -3]).To(device), Tensor.FromArray([1e-3]).To(device)];
            var adam = new Adam(0.1);
            steps(() => adam.Apply(parameters, gradients));
            return [.. parameters.SelectMany(p => p.Value.ToDoubles())];
        }
    }

    [Fact]
    public void What_passes_through_the_host_is_no_part_of_a_graph()
    {
        CudaDevice device = CudaDevice.Get(CudaTest.Graphs);
        Tensor x = Tensor.Ones([4], DType.Float32, device);
        Refused("Cuda(upload): a CudaGraph is being captured on cuda:", () => _ = Tensor.FromArray([1f, 2]).To(device));
        Refused("Cuda(download): a CudaGraph is being captured on cuda:", () => _ = x.ToArray<float>());
        Refused("Cuda(synchronize): a CudaGraph is being captured on cuda:", device.Synchronize);
        Assert.Equal([1f, 1, 1, 1], x.ToArray<float>());

        void Refused(string message, Action work) =>
            Assert.StartsWith(message, Assert.Throws<DeviceException>(() => CudaGraph.Capture(device, work)).Message, StringComparison.Ordinal);
    }
}
