using System.Text;

namespace NativeDL.Data;

/// <summary>Cuts CSV text into records by the rules of RFC 4180: quoted fields may hold delimiters, line ends and doubled quotes.</summary>
internal sealed class CsvReader(string text, char delimiter, string file)
{
    // A byte order mark is no part of the first name.
    private int at = text.StartsWith('\uFEFF') ? 1 : 0;
    private int line = 1;

    /// <summary>The line on which the last record began, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>Reads the next record into <paramref name="fields"/>; empty lines are passed over.</summary>
    /// <returns>False at the end of the text.</returns>
    public bool Read(List<string> fields)
    {
        fields.Clear();
        while (at < text.Length && text[at] is '\r' or '\n')
            EndOfLine();
        if (at >= text.Length)
            return false;
        Line = line;
        while (true)
        {
            fields.Add(at < text.Length && text[at] == '"' ? Quoted() : Plain());
            if (at >= text.Length)
                return true;
            if (text[at] == delimiter)
            {
                at++;
                continue;
            }
            EndOfLine();
            return true;
        }
    }

    public ModelFormatException Wrong(int atLine, string reason, string? got = null, string? expected = null, string? hint = null) =>
        new("Csv", file, null, $"line {atLine}: {reason}", got, expected, hint);

    /// <summary>A hint where a line that was not cut holds what usually cuts one.</summary>
    public string? OtherDelimiter(string uncut)
    {
        foreach (var (mark, name) in new[] { (';', "semicolons"), ('\t', "tabs"), ('|', "bars"), (',', "commas") })
            if (mark != delimiter && uncut.Contains(mark))
                return $"there are {name} in it: if they stand between the fields, set Delimiter of CsvOptions";
        return null;
    }

    private string Plain()
    {
        var first = at;
        while (at < text.Length && text[at] != delimiter && text[at] is not ('\r' or '\n'))
        {
            if (text[at] == '"')
                throw Wrong(line, "a quote stands inside a field that does not begin with one");
            at++;
        }
        return text[first..at].Trim();
    }

    private string Quoted()
    {
        var opened = line;
        var field = new StringBuilder();
        at++;
        while (true)
        {
            if (at >= text.Length)
                throw Wrong(opened, "a quoted field is never closed");
            var c = text[at++];
            if (c == '"')
            {
                if (at < text.Length && text[at] == '"')
                    at++;
                else
                    break;
            }
            else if (c == '\n')
                line++;
            field.Append(c);
        }
        if (at < text.Length && text[at] != delimiter && text[at] is not ('\r' or '\n'))
            throw Wrong(line, "text follows a closing quote", hint: OtherDelimiter(text[at..(at + 1)]));
        return field.ToString();
    }

    private void EndOfLine()
    {
        if (text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n')
            at++;
        at++;
        line++;
    }
}
