namespace NativeDL.Tests.Schedules;

public sealed class ScheduleTests
{
    private static void Follows(Schedule schedule, params (long Step, double Rate)[] expected) =>
        Assert.All(expected, e => Assert.Equal(e.Rate, schedule.At(e.Step), 1e-12));

    [Fact]
    public void A_number_is_always_itself_and_a_float_the_decimal_that_was_written()
    {
        Schedule a = 0.3, b = 1e-3f, c = 1;
        Follows(a, (0, 0.3), (1_000_000, 0.3));
        Assert.Equal(0.001, b.At(7));
        Assert.Equal(1.0, c.At(0));
        Schedule tiny = 1e-30f;
        Assert.Equal(1e-30, tiny.At(0));
    }

    [Fact]
    public void Step_decay() => Follows(new ExponentialDecay(0.8, 10, 0.5, staircase: true), (0, 0.8), (9, 0.8), (10, 0.4), (19, 0.4), (20, 0.2), (35, 0.1));

    [Fact]
    public void Exponential_decay() => Follows(new ExponentialDecay(0.8, 10, 0.25), (0, 0.8), (5, 0.4), (10, 0.2), (20, 0.05));

    [Fact]
    public void Piecewise_constant() =>
        Follows(new PiecewiseConstantDecay([10, 30], [1, 0.5, 0.1]), (0, 1), (9, 1), (10, 0.5), (29, 0.5), (30, 0.1), (1000, 0.1));

    [Fact]
    public void Cosine_decay_warms_up_falls_and_stays() =>
        Follows(new CosineDecay(0.1, 100, alpha: 0.2, warmupTarget: 1, warmupSteps: 9), (0, 0.1), (4, 0.5), (8, 0.9), (9, 1),
            (34, 0.2 + 0.8 * (1 + Math.Sqrt(0.5)) / 2), (59, 0.6), (109, 0.2), (9999, 0.2));

    [Fact]
    public void Cosine_decay_without_warm_up() => Follows(new CosineDecay(0.4, 100), (0, 0.4), (50, 0.2), (100, 0));

    [Fact]
    public void One_cycle_starts_at_max_over_25_peaks_and_ends_at_a_ten_thousandth_of_its_start()
    {
        var schedule = new OneCycle(0.1, 100);
        Follows(schedule, (0, 0.004), (29, 0.1), (99, 4e-7), (5000, 4e-7));
        // Half way up, at 14.5 steps, the rate is the mean of both ends; so it is half way down, at 64.
        Assert.Equal((0.004 + 0.1) / 2, (schedule.At(14) + schedule.At(15)) / 2, 1e-12);
        Follows(schedule, (64, (0.1 + 4e-7) / 2));
        for (int i = 1; i < 100; i++) Assert.True(i <= 29 ? schedule.At(i) > schedule.At(i - 1) : schedule.At(i) < schedule.At(i - 1));
    }

    [Theory]
    [InlineData(1, 0.3)]
    [InlineData(2, 0.3)]
    [InlineData(3, 0.0)]
    [InlineData(7, 0.99)]
    public void A_short_cycle_is_finite_and_positive(int steps, double warmUp)
    {
        var schedule = new OneCycle(0.1, steps, warmUp);
        for (int i = 0; i < steps + 2; i++) Assert.InRange(schedule.At(i), 1e-9, 0.1);
    }

    [Fact]
    public void Polynomial_decay()
    {
        Follows(new PolynomialDecay(1, 10, 0.1, 2), (0, 1), (5, 0.325), (10, 0.1), (20, 0.1));
        Follows(new PolynomialDecay(1, 10, 0.1, 2, cycle: true), (0, 1), (5, 0.325), (10, 0.1), (15, 0.15625), (20, 0.1));
        Follows(new PolynomialDecay(0.1, 100), (50, 0.05005));
    }

    [Fact]
    public void Inverse_time_decay()
    {
        Follows(new InverseTimeDecay(1, 10, 0.5), (0, 1), (5, 0.8), (10, 1 / 1.5));
        Follows(new InverseTimeDecay(1, 10, 0.5, staircase: true), (0, 1), (9, 1), (10, 1 / 1.5), (25, 0.5));
    }

    [Fact]
    public void Cosine_decay_with_restarts()
    {
        Follows(new CosineDecayRestarts(1, 10, 2, 0.5, 0.1), (0, 1), (5, 0.55), (10, 0.55), (20, 0.325), (30, 0.325));
        Follows(new CosineDecayRestarts(1, 10, 1, 0.5, 0.1), (5, 0.55), (10, 0.55), (15, 0.325), (20, 0.325), (1_000_000_000_000, 0.1));
    }

    [Fact]
    public void A_warm_up_comes_before_anything() =>
        Follows(new Warmup(new ExponentialDecay(0.8, 10, 0.5), 4, 0.2), (0, 0.2), (2, 0.5), (4, 0.8), (14, 0.4));

    [Fact]
    public void One_schedule_after_another() => Follows(new ScheduleSequence([0.1, new ExponentialDecay(0.8, 10, 0.5), 0.3], [5, 20]),
        (0, 0.1), (4, 0.1), (5, 0.8), (15, 0.4), (20, 0.3));

    [Fact]
    public void Noams_rate_grows_and_falls()
    {
        foreach (long step in new long[] { 0, 99, 3999, 4000, 100_000 })
            Assert.Equal(2 * Math.Pow(512, -0.5) * Math.Min(Math.Pow(step + 1, -0.5), (step + 1) * Math.Pow(4000, -1.5)), new Noam(512, factor: 2).At(step),
                1e-15);
    }

    [Fact]
    public void Schedules_of_schedules_are_kept_in_files()
    {
        Schedule schedule = new Warmup(new ScheduleSequence([new CosineDecayRestarts(0.1, 5), new PolynomialDecay(0.1, 9, cycle: true) * 0.5], [7]), 3);
        var again = new ConfigurationGraph("memory").Read<Schedule>(System.Text.Json.Nodes.JsonNode.Parse(
            new ConfigurationGraph("memory").Write(schedule).ToJsonString())!);
        for (int step = 0; step < 40; step++) Assert.Equal(schedule.At(step), again.At(step));
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused()
    {
        Assert.Throws<InvalidInputException>(() => new PolynomialDecay(0.1, 10, power: 0));
        Assert.Throws<InvalidInputException>(() => new CosineDecayRestarts(0.1, 10, tMul: 0.5));
        Assert.Throws<InvalidInputException>(() => new Noam(0));
        Assert.Throws<InvalidInputException>(() => new ScheduleSequence([0.1], [3]));
        Assert.Throws<InvalidInputException>(() => new ScheduleSequence([0.1, 0.2, 0.3], [3, 3]));
        Assert.Throws<ArgumentNullException>(() => new Warmup(null!, 3));
        Assert.Throws<InvalidInputException>(() => new ConstantRate(-1));
        Assert.Throws<InvalidInputException>(() => new ExponentialDecay(0.1, 0, 0.5));
        Assert.Throws<InvalidInputException>(() => new ExponentialDecay(double.NaN, 10, 0.5));
        Assert.Throws<InvalidInputException>(() => new CosineDecay(0.1, 10, warmupSteps: 10));
        Assert.Throws<InvalidInputException>(() => new CosineDecay(0.1, 10, warmupTarget: 1, warmupSteps: -1));
        Assert.Throws<InvalidInputException>(() => new OneCycle(0.1, 100, 1));
        Assert.Throws<InvalidInputException>(() => new OneCycle(0.1, 100, startDivisor: 0));
        Assert.Throws<InvalidInputException>(() => new PiecewiseConstantDecay([10], [1]));
        Assert.Throws<InvalidInputException>(() => new PiecewiseConstantDecay([10, 10], [1, 2, 3]));
    }

    [Fact]
    public void An_optimizer_asks_for_the_step_it_is_in()
    {
        var p = new Parameter("p", Tensor.Zeros([1], DType.Float64));
        var optimizer = new SGD(new PiecewiseConstantDecay([2], [1, 10]));
        var path = new List<double>();
        for (int i = 0; i < 4; i++)
        {
            optimizer.Apply([p], [Tensor.Full([1], -1, DType.Float64)]);
            path.Add(p.Value.Item());
        }
        Assert.Equal([1, 2, 12, 22], path);
    }
}
