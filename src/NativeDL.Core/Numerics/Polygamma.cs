namespace NativeDL.Numerics;

/// <summary>Derivatives of the digamma function, one number at a time.</summary>
internal static class Polygamma
{
    /// <summary>The highest derivative there is: beyond, factorials leave the range of what is worth computing.</summary>
    public const int MostOrder = 30;

    // B(2j)/(2j)!, the coefficients of the sum formula of Euler and Maclaurin.
    private static ReadOnlySpan<double> Bernoulli =>
    [
        0.08333333333333333, -0.001388888888888889, 3.306878306878307e-05, -8.267195767195768e-07, 2.08767569878681e-08, -5.284190138687493e-10,
        1.3382536530684679e-11, -3.3896802963225827e-13, 8.586062056277845e-15, -2.174868698558062e-16, 5.50900282836023e-18, -1.3954464685812522e-19,
    ];

    /// <summary>The n-th derivative of ψ, n from 1 to <see cref="MostOrder"/>: (−1)^(n+1)·n!·Σ 1/(x + k)^(n+1) over k ≥ 0.</summary>
    public static double At(int n, double x)
    {
        bool odd = n % 2 == 1;
        if (double.IsNaN(x) || double.IsNegativeInfinity(x)) return double.NaN;
        if (x == 0) return odd ? double.PositiveInfinity : -1 / x;
        if (x > 0) return odd ? Sum(n, x) : -Sum(n, x);
        double r = x - Math.Round(x);
        if (r == 0) return odd ? double.PositiveInfinity : double.NaN;

        // ψ(1 − x) − ψ(x) = π·cot πx, differentiated n times.
        double rest = Math.CopySign(0.5, r) - r;
        double cotangent = Math.Abs(r) <= 0.25 ? 1 / Math.Tan(Math.PI * r) : Math.Tan(Math.PI * rest);
        return -Sum(n, 1 - x) - CotangentSlope(n, cotangent);
    }

    // n!·Σ 1/(x + k)^(n+1) for x > 0: terms until x + k is 16 or more, then their integral and its corrections.
    private static double Sum(int n, double x)
    {
        if (double.IsPositiveInfinity(x)) return 0;
        double factorial = 1;
        for (int i = 2; i < n; i++) factorial *= i;
        double all = n * factorial, sum = 0;
        for (; x < Math.Max(16, n); x++) sum += Power(x, all, n + 1);
        double main = Power(x, factorial, n), half = Power(x, all, n + 1) / 2;
        double term = half * 2 * (n + 1), corrections = 0;
        for (int j = 0; j < Bernoulli.Length; j++)
        {
            term /= x;
            corrections += Bernoulli[j] * term;
            term = term / x * (n + 2 * j + 2) * (n + 2 * j + 3);
        }
        return sum + (main + (half + corrections));
    }

    // factor/xⁿ, divided step by step so that neither leaves the range before the other.
    private static double Power(double x, double factor, int n)
    {
        for (int i = 0; i < n; i++) factor /= x;
        return factor;
    }

    // dⁿ/dxⁿ π·cot πx by c = cot πx: a polynomial in c whose derivative by x is −π·(1 + c²) times that by c.
    private static double CotangentSlope(int n, double c)
    {
        Span<double> p = stackalloc double[MostOrder + 2], next = stackalloc double[MostOrder + 2];
        p.Clear();
        p[1] = Math.PI;
        for (int i = 1; i <= n; i++)
        {
            next.Clear();
            for (int k = 1; k <= i; k++)
            {
                double slope = -Math.PI * k * p[k];
                next[k - 1] += slope;
                next[k + 1] += slope;
            }
            next.CopyTo(p);
        }
        double y = 0;
        for (int k = n + 1; k >= 0; k--) y = y * c + p[k];
        return y;
    }
}
