namespace NativeDL.Tests.Randomness;

public sealed unsafe class PhiloxTests
{
    // Random123 1.14, tests/kat_vectors, the rows "philox4x32 10".
    [Theory]
    [InlineData(0UL, 0UL, 0UL, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x85a308d3243f6a88UL, 0x0370734413198a2eUL, 0x299f31d0a4093822UL, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Blocks_are_the_published_ones(ulong counterLow, ulong counterHigh, ulong key, uint a, uint b, uint c, uint d)
        => Assert.Equal((a, b, c, d), Philox.Block(counterLow, counterHigh, key));

    [Theory]
    [InlineData(0UL, 0UL)]
    [InlineData(42UL, 7UL)]
    [InlineData(0xDEADBEEF12345678UL, 0xFFFFFFFFUL - 5)]
    [InlineData(1UL, ulong.MaxValue - 10)]
    public void The_vector_form_gives_the_words_of_the_scalar_one(ulong key, ulong offset)
    {
        var words = new uint[4 * 61];
        fixed (uint* p = words)
        {
            Philox.Words(p, 0, words.Length, new PhiloxStream(key, offset));
        }

        for (int block = 0; block < words.Length / 4; block++)
        {
            var (a, b, c, d) = Philox.Block(unchecked(offset + (ulong)block), 0, key);
            Assert.Equal([a, b, c, d], words[(4 * block)..((4 * block) + 4)]);
        }
    }

    [Fact]
    public void Any_range_gives_the_words_of_the_whole()
    {
        var stream = new PhiloxStream(3, 1000);
        var whole = new uint[300];
        fixed (uint* p = whole)
        {
            Philox.Words(p, 0, whole.Length, stream);
        }

        for (int start = 0; start < 12; start++)
        {
            for (int count = 0; count < 80; count++)
            {
                var part = new uint[count + 1];
                part[count] = 0xABCD;
                fixed (uint* p = part)
                {
                    Philox.Words(p, start, count, stream);
                }

                Assert.Equal(whole.AsSpan(start, count), part.AsSpan(0, count));
                Assert.Equal(0xABCDu, part[count]);
            }
        }
    }

    [Fact]
    public void A_reader_gives_the_words_of_the_stream_in_order()
    {
        var stream = new PhiloxStream(9, 5);
        var words = new uint[200];
        fixed (uint* p = words)
        {
            Philox.Words(p, 0, words.Length, stream);
        }

        var reader = new PhiloxReader(stream);
        foreach (uint word in words)
        {
            Assert.Equal(word, reader.NextWord());
        }
    }
}
