using System.Text;
using NativeDL.Data;

namespace NativeDL.Tests.Data;

public class CsvTests
{
    [Fact]
    public void Names_become_classes_in_alphabetical_order()
    {
        var data = Read("length,width,kind\n5.1,3.5,setosa\n7,3.2,virginica\n\n6.4,-1e1,setosa\n");
        var all = data.ToBatch();
        Assert.Equal(Shape.Of(3, 2), all.X.Shape);
        Assert.Equal([5.1f, 3.5f, 7, 3.2f, 6.4f, -10], all.X.ToArray<float>());
        Assert.Equal([0, 1, 0], all.Y.ToArray<int>());
        Assert.Equal(["setosa", "virginica"], data.ClassNames);
    }

    [Fact]
    public void Whole_numbers_are_classes_and_fractions_are_values()
    {
        Assert.Equal([2, 0], Read("a,y\n1,2\n1,0\n").ToBatch().Y.ToArray<int>());
        var values = Read("a,y\n1,2.5\n1,0\n").ToBatch().Y;
        Assert.Equal(Shape.Of(2, 1), values.Shape);
        Assert.Equal([2.5f, 0], values.ToArray<float>());
        Assert.Equal([2f, 0], Read("a,y\n1,2\n1,0\n", new() { Labels = CsvLabels.Values }).ToBatch().Y.ToArray<float>());
        var named = Read("a,y\n1,2.5\n1,0\n", new() { Labels = CsvLabels.Classes });
        Assert.Equal(["0", "2.5"], named.ClassNames);
    }

    [Fact]
    public void Quotes_delimiters_line_ends_and_byte_order_marks_are_understood()
    {
        var data = Read("\uFEFF\"a; b\";\"the \"\"label\"\"\"\r\n1;\"x\r\ny\"\r\n 2 ;z", new()
        {
            Delimiter = ';', LabelColumn = "the \"label\"", FeatureColumns = ["a; b"],
        });
        Assert.Equal([1f, 2], data.ToBatch().X.ToArray<float>());
        Assert.Equal(["x\r\ny", "z"], data.ClassNames);
    }

    [Fact]
    public void Columns_are_chosen_by_name_or_number()
    {
        const string text = "y,a,b\n1,2,3\n0,5,6\n";
        Assert.Equal([3f, 6], Read(text, new() { LabelColumn = "y", FeatureColumns = ["b"] }).ToBatch().X.ToArray<float>());
        Assert.Equal([2f, 3, 5, 6], Read(text, new() { LabelColumn = "0" }).ToBatch().X.ToArray<float>());
        var bare = Read("1,2,3\n0,5,6\n", new() { HasHeader = false, LabelColumn = "0" });
        Assert.Equal([1, 0], bare.ToBatch().Y.ToArray<int>());
    }

    [Theory]
    [InlineData("a,y\n1,2\n1\n", "line 3: the number of fields differs from the first line's. Got 1; expected 2")]
    [InlineData("a,y\n1,2\nx,0\n", "line 3: column \"a\" is not a number. Got \"x\"")]
    [InlineData("a,y\n1,2\n,0\n", "line 3: column \"a\" is not a number. Got an empty field")]
    [InlineData("a,y\n1,2\n\n1,5\n\"1,5\",0\n", "line 5: column \"a\" is not a number. Got \"1,5\"")]
    [InlineData("a,y\n1,\n", "line 2: column \"y\" has no label")]
    [InlineData("a,y\n\"1,2\n3,4\n", "line 2: a quoted field is never closed")]
    [InlineData("a,y\n1\"2\",2\n", "line 2: a quote stands inside a field")]
    [InlineData("a,y\n\"1\"2,2\n", "line 2: text follows a closing quote")]
    [InlineData("a,y\n", "a header and no rows")]
    [InlineData("", "no rows")]
    [InlineData("y\n1\n", "no column is left for the features")]
    public void Errors_name_the_line(string text, string expected)
    {
        var error = Assert.Throws<ModelFormatException>(() => Read(text));
        Assert.StartsWith("Csv(test.csv): ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a;b;y\n1;2;0\n", "there are semicolons in it")]
    [InlineData("a\tb\ty\n1\t2\t0\n", "there are tabs in it")]
    [InlineData("\"a\";\"y\"\n1;0\n", "there are semicolons in it")]
    public void A_line_that_another_delimiter_would_cut_is_told_of_it(string text, string expected)
    {
        var error = Assert.Throws<ModelFormatException>(() => Read(text));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("set Delimiter of CsvOptions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_line_of_numbers_is_data_unless_it_is_said_to_be_the_header()
    {
        Assert.Equal([1f, 2, 3, 4], Read("1,2,0\n3,4,1\n").ToBatch().X.ToArray<float>());
        Assert.Equal([3f, 4], Read("1,2,0\n3,4,1\n", new() { HasHeader = true }).ToBatch().X.ToArray<float>());
        Assert.Equal([3f, 4], Read("1,2,y\n3,4,1\n").ToBatch().X.ToArray<float>());
    }

    [Fact]
    public void A_first_row_is_not_taken_for_names()
    {
        var data = Read("5.1,3.5,setosa\n7,3.2,virginica\n6.4,1,virginica\n");
        Assert.Equal(3, data.Count);
        Assert.Equal(["setosa", "virginica"], data.ClassNames);
        Assert.Equal([5.1f, 3.5f, 7, 3.2f, 6.4f, 1], data.X.ToArray<float>());
        // Where it could be either, the caller says.
        foreach (string text in (string[])["5.1,,setosa\n7,3.2,virginica\n", "a,2019,kind\n1,2,x\n", "0,1,kind\n5.1,3.5,x\n", "1,2,kind\n5.1,3.5,x\n"])
        {
            var error = Assert.Throws<ModelFormatException>(() => Read(text));
            Assert.Contains("HasHeader", error.Message, StringComparison.Ordinal);
            Assert.Equal(1, Read(text, new() { HasHeader = true }).Count);
        }
        Assert.Contains("an empty field",
            Assert.Throws<ModelFormatException>(() => Read("5.1,,setosa\n7,3.2,virginica\n", new() { HasHeader = false })).Message, StringComparison.Ordinal);
        Assert.Equal([1f, 2], Read("a,2019,kind\n1,2,x\n", new() { LabelColumn = "kind" }).X.ToArray<float>());
    }

    [Fact]
    public void Two_columns_of_one_name_are_refused_where_it_is_asked_for()
    {
        const string text = "a,b,a,y\n1,2,3,0\n";
        Assert.Contains("columns 0 and 2", Assert.Throws<ModelFormatException>(() => Read(text, new() { FeatureColumns = ["a"] })).Message,
            StringComparison.Ordinal);
        Assert.Contains("two columns are called \"a\"", Assert.Throws<ModelFormatException>(() => Read(text, new() { LabelColumn = "a" })).Message,
            StringComparison.Ordinal);
        Assert.Equal([2f], Read(text, new() { FeatureColumns = ["b"] }).X.ToArray<float>());
        Assert.Equal([1f, 2, 3], Read(text).X.ToArray<float>());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("3000000000")]
    [InlineData("99999999999999999999999999")]
    public void A_whole_number_that_is_no_class_does_not_make_classes_values(string label)
    {
        string text = $"a,y\n1,0\n1,{label}\n";
        var error = Assert.Throws<ModelFormatException>(() => Read(text));
        Assert.Contains($"line 3: column \"y\" has whole numbers, and one of them is no class. Got \"{label}\"; expected 0 to 2147483647", error.Message,
            StringComparison.Ordinal);
        Assert.Equal(float.Parse(label, System.Globalization.CultureInfo.InvariantCulture),
            Read(text, new() { Labels = CsvLabels.Values }).ToBatch().Y.ToArray<float>()[1]);
        Assert.Contains(label, Read(text, new() { Labels = CsvLabels.Classes }).ClassNames);
        Assert.Equal(Shape.Of(3, 1), Read(text + "1,0.5\n").ToBatch().Y.Shape);
    }

    [Theory]
    [InlineData("a,y\n1,0\n1e400,0\n", "line 3: column \"a\" has a number that Float32 cannot hold. Got \"1e400\"")]
    [InlineData("a,y\n1,0.5\n1,-1e39\n", "line 3: column \"y\" has a number that Float32 cannot hold. Got \"-1e39\"")]
    public void A_number_beyond_Float32_is_refused(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ModelFormatException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Infinities_that_are_written_as_such_are_read() =>
        Assert.Equal([float.PositiveInfinity, float.NaN], Read("a,y\nInfinity,0\nNaN,0\n").ToBatch().X.ToArray<float>());

    [Fact]
    public void An_unknown_column_is_told_with_the_known_ones()
    {
        var error = Assert.Throws<ModelFormatException>(() => Read("a,b,y\n1,2,3\n", new() { LabelColumn = "z" }));
        Assert.Contains("there is no column \"z\". Got a, b, y", error.Message, StringComparison.Ordinal);
        Assert.Throws<ModelFormatException>(() => Read("a,b,y\n1,2,3\n", new() { FeatureColumns = ["7"] }));
        Assert.Throws<ModelFormatException>(() => Read("a,b,y\n1,2,x\n", new() { Labels = CsvLabels.Values }));
        Assert.Throws<InvalidInputException>(() => Read("a,b\n", new() { Delimiter = '"' }));
        Assert.Throws<ModelFormatException>(() => CsvData.Read([0xFF, 0xFE, 0x00], "test.csv", new()));
    }

    [Fact]
    public void Files_are_read_by_path()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.csv"), "a,y\n1,0\n2,1\n");
        Assert.Equal(2, Datasets.Csv(folder.File("a.csv")).Count);
    }

    private static Dataset Read(string text, CsvOptions? options = null) =>
        CsvData.Read(Encoding.UTF8.GetBytes(text), "test.csv", options ?? new CsvOptions());
}
