using System.Globalization;
using System.Text;

namespace NativeDL.Formats;

/// <summary>What an npy header says.</summary>
internal readonly record struct NpyHeader(ElementKind Kind, bool BigEndian, bool Fortran, int[] Shape, int DataOffset)
{
    private const string Format = "Npy";
    private const int MaxHeader = 1 << 16;
    private const int MaxRank = 32;

    /// <summary>Parses and checks the header, and that exactly the announced data follow it.</summary>
    public static NpyHeader Parse(ByteSource file)
    {
        if (file.Length < 10 || !IsMagic(file.Span(0, 6)))
            throw Fail(file, 0, "the file does not start as an npy file does", null, "\\x93NUMPY");
        var major = file.Span(6, 1)[0];
        if (major is < 1 or > 3)
            throw Fail(file, 6, "the npy version is unknown", $"{major}", "1, 2 or 3");
        var start = major == 1 ? 10 : 12;
        if (file.Length < start)
            throw Fail(file, 8, "the file ends within its header");
        var bytes = file.Span(8, start - 8);
        long length = major == 1 ? bytes[0] | bytes[1] << 8 : (uint)(bytes[0] | bytes[1] << 8 | bytes[2] << 16 | bytes[3] << 24);
        if (length > MaxHeader)
            throw Fail(file, 8, "the header is too long", $"{length} bytes", $"at most {MaxHeader}");
        if (length > file.Length - start)
            throw Fail(file, 8, "the header ends past the end of the file", $"{length} bytes", $"at most {file.Length - start}");
        var text = Encoding.Latin1.GetString(file.Span(start, (int)length));
        var header = new PythonDict(file, start, text).Read() with { DataOffset = start + (int)length };

        var expected = header.Kind.ByteCount(header.Shape)
            ?? throw Fail(file, start, "the size of the array overflows", $"shape [{string.Join(", ", header.Shape)}]");
        if (expected != file.Length - header.DataOffset)
            throw Fail(file, header.DataOffset, "the file's length does not match its header",
                $"{file.Length - header.DataOffset} bytes of data",
                $"{expected} for shape [{string.Join(", ", header.Shape)}] of {header.Kind}");
        return header;
    }

    private static bool IsMagic(ReadOnlySpan<byte> bytes) => bytes[0] == 0x93 && bytes[1..].SequenceEqual("NUMPY"u8);

    private static ModelFormatException Fail(
        ByteSource file, long offset, string reason, string? got = null, string? expected = null, string? hint = null) =>
        new(Format, file.Name, offset, reason, got, expected, hint);

    /// <summary>Reads the one kind of Python literal that stands in an npy header; nothing is evaluated.</summary>
    private ref struct PythonDict(ByteSource file, int start, string text)
    {
        private int at;

        public NpyHeader Read()
        {
            (ElementKind Kind, bool Big)? type = null;
            bool? fortran = null;
            int[]? shape = null;
            Take('{');
            while (Peek() != '}')
            {
                var key = Quoted();
                Take(':');
                switch (key)
                {
                    case "descr" when type is null:
                        type = Type();
                        break;
                    case "fortran_order" when fortran is null:
                        fortran = TrueOrFalse();
                        break;
                    case "shape" when shape is null:
                        shape = Tuple();
                        break;
                    default:
                        throw Wrong($"the key '{(key.Length > 40 ? key[..40] : key)}' is unknown or appears twice");
                }
                if (Peek() == ',')
                    at++;
                else if (Peek() != '}')
                    throw Wrong("a comma or closing brace is missing");
            }
            at++;
            if (text.AsSpan(at).Trim(" \n\r\t\0").Length > 0)
                throw Wrong("text follows the header's dictionary");
            if (type is not { } t || fortran is not { } f || shape is null)
                throw Wrong("the header lacks descr, fortran_order or shape");
            return new NpyHeader(t.Kind, t.Big, f, shape, 0);
        }

        private (ElementKind, bool) Type()
        {
            if (Peek() == '[')
                throw Fail(file, start + at, "arrays of records cannot be read", "a structured dtype", "plain numbers");
            var descr = Quoted();
            if (descr.Contains('O'))
                throw Fail(file, start + at, "arrays of Python objects are refused: reading them could run code",
                    $"dtype '{descr}'", "plain numbers", "save the array with a numeric dtype");
            var order = descr.Length > 0 ? descr[0] : ' ';
            ElementKind? kind = (descr.Length > 1 && order is '<' or '>' or '|' or '=' ? descr[1..] : descr) switch
            {
                "f4" => ElementKind.Float32,
                "f8" => ElementKind.Float64,
                "f2" => ElementKind.Float16,
                "i1" => ElementKind.Int8,
                "i2" => ElementKind.Int16,
                "i4" => ElementKind.Int32,
                "i8" => ElementKind.Int64,
                "u1" => ElementKind.UInt8,
                "u2" => ElementKind.UInt16,
                "u4" => ElementKind.UInt32,
                "u8" => ElementKind.UInt64,
                "b1" => ElementKind.Bool,
                _ => null,
            };
            return (kind ?? throw Fail(file, start + at, "the dtype is not one that can be read",
                $"'{(descr.Length > 40 ? descr[..40] : descr)}'", "f2, f4, f8, i1 to i8, u1 to u4 or b1"), order == '>');
        }

        private bool TrueOrFalse()
        {
            Peek();
            foreach (var (word, value) in new[] { ("True", true), ("False", false) })
            {
                if (!text.AsSpan(at).StartsWith(word, StringComparison.Ordinal))
                    continue;
                at += word.Length;
                return value;
            }
            throw Wrong("fortran_order is neither True nor False");
        }

        private int[] Tuple()
        {
            var shape = new List<int>();
            Take('(');
            while (Peek() != ')')
            {
                var first = at;
                while (at < text.Length && char.IsAsciiDigit(text[at]))
                    at++;
                if (!int.TryParse(text.AsSpan(first, at - first), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                    || shape.Count == MaxRank)
                    throw Wrong("the shape is not a tuple of dimensions that can be");
                shape.Add(n);
                // Python 2 wrote long integers with an L.
                if (at < text.Length && text[at] == 'L')
                    at++;
                if (Peek() == ',')
                    at++;
                else if (Peek() != ')')
                    throw Wrong("the shape is not a tuple");
            }
            at++;
            return [.. shape];
        }

        private string Quoted()
        {
            var quote = Peek();
            if (quote is not ('\'' or '"'))
                throw Wrong("a quoted word is missing");
            var end = text.IndexOf(quote, at + 1);
            if (end < 0)
                throw Wrong("a quote is never closed");
            var word = text[(at + 1)..end];
            at = end + 1;
            return word;
        }

        private void Take(char c)
        {
            if (Peek() != c)
                throw Wrong($"'{c}' is missing");
            at++;
        }

        /// <summary>The next character that is no space; '\0' at the end.</summary>
        private char Peek()
        {
            while (at < text.Length && text[at] is ' ' or '\n' or '\r' or '\t')
                at++;
            return at < text.Length ? text[at] : '\0';
        }

        private readonly ModelFormatException Wrong(string reason) => Fail(file, start + at, reason);
    }
}
