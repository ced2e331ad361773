using System.Numerics;
using NativeDL.Cuda;

namespace NativeDL;

/// <summary>
/// Convolutions on a card: products over windows that are never written out (<c>conv2d.cu</c> and its gradients), plain
/// products where the kernel is 1×1, and direct sums for depthwise ones. All operands are contiguous.
/// </summary>
internal static unsafe class CudaConvolution
{
    // Threads of depthwise_kernel_grad; blocks that keep most cards busy; pixels that are worth a block.
    private const int DepthwiseThreads = 256, EnoughBlocks = 512, LeastPixels = 256;

    // Kernels count pixels and taps by int, and a tile beyond the last.
    private const int MostPixels = int.MaxValue - 256;

    /// <summary>y = activation(x ∗ kernel + bias).</summary>
    public static void Forward(CudaDevice device, ConvShape s, Tensor x, Tensor kernel, in ProductResult result)
    {
        if (s.IsProduct)
        {
            CudaGemm.Run(device, new(x, false, Math.Max(1, s.C)), new(kernel, false, s.F), Shape.Scalar, Pixels(s), s.F, s.C, result);
            return;
        }
        var plan = ProductPlan.Of(x.DType, Pixels(s), s.GroupFilters, s.K, s.G);
        var sizes = Sizes.OfResults(s, plan.PartLength);
        if (s.IsDepthwise) CudaProduct.LaunchOver(device, "depthwise", "forward", x, kernel, result, KernelArgument.Structure(&sizes));
        else CudaProduct.Run(device, "conv2d", plan, x, kernel, result, KernelArgument.Structure(&sizes));
    }

    /// <summary>dx, the adjoint of the convolution in its images.</summary>
    public static void InputGradient(CudaDevice device, ConvShape s, Tensor dy, Tensor kernel, Tensor dx)
    {
        if (s.IsProduct)
        {
            CudaGemm.Run(device, new(dy, false, s.F), new(kernel, true, s.F), Shape.Scalar, Pixels(s), s.C, s.F, new(dx));
            return;
        }
        if (s.IsDepthwise)
        {
            var all = Sizes.OfImages(s, 1, 1, 0);
            device.LaunchOver("depthwise_input_grad", dx.DType, dx.ElementCount, dy, kernel, dx, KernelArgument.Structure(&all));
            return;
        }
        var a = s.Steps;
        // Classes of pixels, and the most taps that one of them meets.
        long classes = (long)Math.Min(a.StrideHeight, s.H) * Math.Min(a.StrideWidth, s.W);
        long taps = (long)Met(s.KH, a.StrideHeight, a.DilationHeight) * Met(s.KW, a.StrideWidth, a.DilationWidth);
        long pixels = (long)s.N * Ceiling(s.H, a.StrideHeight) * Ceiling(s.W, a.StrideWidth);
        var plan = ProductPlan.Of(dx.DType, pixels, s.GroupChannels, taps * s.GroupFilters, classes * s.G);
        var sizes = Sizes.OfImages(s, a.StrideHeight, a.StrideWidth, plan.PartLength);
        CudaProduct.Run(device, "conv2d_input_grad", plan, dy, kernel, new(dx), KernelArgument.Structure(&sizes));
    }

    /// <summary>dk, the adjoint of the convolution in its kernel.</summary>
    public static void KernelGradient(CudaDevice device, ConvShape s, Tensor x, Tensor dy, Tensor dk)
    {
        if (s.IsProduct)
        {
            CudaGemm.Run(device, new(x, true, s.C), new(dy, false, s.F), Shape.Scalar, s.C, s.F, Pixels(s), new(dk));
            return;
        }
        if (s.IsDepthwise)
        {
            DepthwiseKernelGradient(device, s, x, dy, dk);
            return;
        }
        var plan = ProductPlan.Of(x.DType, s.K, s.GroupFilters, Pixels(s), s.G);
        var sizes = Sizes.OfResults(s, plan.PartLength);
        CudaProduct.Run(device, "conv2d_kernel_grad", plan, x, dy, new(dk), KernelArgument.Structure(&sizes));
    }

    private static void DepthwiseKernelGradient(CudaDevice device, ConvShape s, Tensor x, Tensor dy, Tensor dk)
    {
        int lanes = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(s.C, 32)), blocks = checked(s.KH * s.KW * Ceiling(s.C, lanes)), pixels = Pixels(s);
        int parts = Math.Clamp(EnoughBlocks / blocks, 1, Math.Max(1, pixels / LeastPixels)), length = Ceiling(pixels, parts);
        parts = Ceiling(pixels, length);
        var sums = parts == 1 ? dk : Tensor.Empty([parts, .. dk.Shape], dk.DType, dk.Device);
        var sizes = Sizes.OfResults(s, length);
        device.Launch("depthwise_kernel_grad", dk.DType, new dim3(blocks, parts), DepthwiseThreads, x, dy, sums, KernelArgument.Structure(&sizes), lanes);
        if (parts == 1) return;
        CudaProduct.AddParts(device, sums, parts, new(dk));
        sums.Free();
    }

    private static int Pixels(ConvShape s) => s.Pixels <= MostPixels ? (int)s.Pixels : throw TooMany(s);

    private static int Ceiling(int a, int b) => (int)(((long)a + b - 1) / b);

    // The most taps that a pixel of the images meets: one in stride / gcd(stride, dilation).
    private static int Met(int taps, int stride, int dilation)
    {
        (int divisor, int rest) = (stride, dilation % stride);
        while (rest != 0) (divisor, rest) = (rest, divisor % rest);
        return Ceiling(taps, stride / divisor);
    }

    private static ShapeMismatchException TooMany(ConvShape s) =>
        Error.Shape("conv2d", "too many pixels for one convolution on a card", $"{s.N} images of {s.H} × {s.W}, results of {s.OH} × {s.OW}",
            $"at most {MostPixels} pixels", "split the batch");

    // ndl_convolution
    private struct Sizes
    {
        private readonly int n, h, w, c, kh, kw, f, oh, ow;
        private readonly int strideDown, strideAcross, top, left, dilationDown, dilationAcross, groups;
        private readonly int part;
        private CudaDivisor rows, columns, channels;

        /// <summary>For a walk over the pixels of the results, and over taps of the images' channels.</summary>
        public static Sizes OfResults(ConvShape s, int part) => new(s, part) { rows = new(s.OH), columns = new(s.OW), channels = new(s.GroupChannels) };

        /// <summary>
        /// For a walk over every <paramref name="down"/>-th row and <paramref name="across"/>-th column of the images, and over taps of the results' channels.
        /// </summary>
        public static Sizes OfImages(ConvShape s, int down, int across, int part) =>
            new(s, part) { rows = new(Ceiling(s.H, down)), columns = new(Ceiling(s.W, across)), channels = new(s.GroupFilters) };

        private Sizes(ConvShape s, int part)
        {
            if (s.Pixels > MostPixels || (long)s.N * s.H * s.W > MostPixels || (long)s.KH * s.KW * Math.Max(s.GroupChannels, s.GroupFilters) > MostPixels)
                throw TooMany(s);
            (n, h, w, c, kh, kw, f, oh, ow) = (s.N, s.H, s.W, s.C, s.KH, s.KW, s.F, s.OH, s.OW);
            var a = s.Steps;
            (strideDown, strideAcross, top, left) = (a.StrideHeight, a.StrideWidth, a.Top, a.Left);
            (dilationDown, dilationAcross, groups) = (a.DilationHeight, a.DilationWidth, s.G);
            this.part = part;
        }
    }
}
