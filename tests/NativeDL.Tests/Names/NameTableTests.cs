namespace NativeDL.Tests.Names;

public sealed class NameTableTests
{
    private static NameTable<string> Table() => new("Thing", [new(["apple", "pomme"], () => "an apple"), new(["pear"], () => "a pear")]);

    [Fact]
    public void Every_name_of_a_thing_makes_it_in_any_case()
    {
        var table = Table();
        Assert.Equal("an apple", table.Create("apple"));
        Assert.Equal("an apple", table.Create("Pomme"));
        Assert.Equal("a pear", table.Create("PEAR"));
    }

    [Fact]
    public void An_unknown_name_lists_the_known_in_order()
    {
        string message = Assert.Throws<InvalidInputException>(() => Table().Create("plum")).Message;
        Assert.Contains("'plum'", message, StringComparison.Ordinal);
        Assert.Contains("apple, pear, pomme", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_of_ones_own_is_known_and_a_taken_one_refused()
    {
        var table = Table();
        table.Register("plum", () => "a plum");
        Assert.Equal("a plum", table.Create("plum"));
        Assert.Contains("'Pear'", Assert.Throws<InvalidInputException>(() => table.Register("Pear", () => "another")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => table.Register("", () => "none"));
        Assert.Throws<ArgumentNullException>(() => table.Register("none", null!));
    }

    [Fact]
    public void No_name_stands_for_two_things()
    {
        Unique(OptimizerRegistry.All);
        Unique(LossRegistry.All);
        Unique(MetricRegistry.All);
        Unique(InitializerRegistry.All);

        static void Unique<T>(IReadOnlyList<NamedSpec<T>> specs)
        {
            var names = specs.SelectMany(s => s.Names).ToList();
            Assert.NotEmpty(names);
            Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        }
    }
}
