using System.Buffers.Binary;

namespace NativeDL.Tests.Formats;

/// <summary>Damages sound files in the ways files get damaged, and in those an attacker would choose. Equal seeds give equal damage.</summary>
internal sealed class Mutator(int seed)
{
    private const string Signs = "0123456789-+.eE,:;[]{}()\"'\\\n\r \0LO<>|";

    private static readonly ulong[] Interesting =
    [
        0, 1, 2, 7, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0x1_0000_0000,
        100_000_001, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF,
    ];

    private readonly Random random = new(seed);

    public byte[] Next(IReadOnlyList<byte[]> seeds)
    {
        var bytes = (byte[])seeds[random.Next(seeds.Count)].Clone();
        for (var i = random.Next(1, 4); i > 0; i--)
            bytes = Once(bytes, seeds[random.Next(seeds.Count)]);
        return bytes;
    }

    private byte[] Once(byte[] bytes, byte[] other)
    {
        if (bytes.Length == 0)
            return (byte[])other.Clone();
        // Half of the damage goes to the first bytes, where the headers stand, some to the last (a zip's directory).
        var at = random.Next(4) switch
        {
            0 or 1 => random.Next(Math.Min(bytes.Length, 160)),
            2 => bytes.Length - 1 - random.Next(Math.Min(bytes.Length, 300)),
            _ => random.Next(bytes.Length),
        };
        switch (random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next(256);
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                Overwrite(bytes.AsSpan(at));
                return bytes;
            case 4:
                return [.. bytes[..at], .. other[random.Next(other.Length)..]];
            case 5:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 12))..]];
            case 6:
                var from = random.Next(other.Length);
                return [.. bytes[..at], .. other[from..Math.Min(other.Length, from + random.Next(1, 40))], .. bytes[at..]];
            default:
                // A digit or a bracket more or less in a text header.
                bytes[at] = (byte)Signs[random.Next(Signs.Length)];
                return bytes;
        }
    }

    private void Overwrite(Span<byte> target)
    {
        Span<byte> number = stackalloc byte[8];
        var value = Interesting[random.Next(Interesting.Length)];
        if (random.Next(2) == 0)
            value = (ulong)random.Next(1 << 12);
        if (random.Next(2) == 0)
            BinaryPrimitives.WriteUInt64LittleEndian(number, value);
        else
            BinaryPrimitives.WriteUInt64BigEndian(number, value << (random.Next(2) * 32));
        var width = 1 << random.Next(4);
        number[..Math.Min(width, target.Length)].CopyTo(target);
    }
}
