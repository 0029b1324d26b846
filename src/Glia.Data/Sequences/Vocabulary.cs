using System.Text;

namespace Glia.Data;

/// <summary>The characters of a text and their numbers, for language models; saved with the model.</summary>
/// <remarks>A character is a Unicode code point; their order is that of the code points. Rare ones beyond a limit are read as U+FFFD.</remarks>
public sealed class Vocabulary
{
    private const string Format = "glia.vocabulary";
    private const int Version = 1;

    private readonly Dictionary<Rune, ushort> _numbers = [];
    private readonly Rune[] _characters;

    private Vocabulary(Rune[] characters)
    {
        _characters = characters;
        for (var i = 0; i < characters.Length; i++)
            _numbers[characters[i]] = (ushort)i;
    }

    /// <summary>The number of characters.</summary>
    public int Count => _characters.Length;

    /// <summary>The characters in the order of their numbers.</summary>
    public IReadOnlyList<Rune> Characters => _characters;

    /// <summary>Collects the characters of a text.</summary>
    /// <param name="text">The training text.</param>
    /// <param name="limit">The largest vocabulary, 2 to 65,535; the rarest characters beyond it become U+FFFD. 512 by default.</param>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static Vocabulary Fit(string text, int limit = 512)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, ushort.MaxValue);
        var counts = new Dictionary<Rune, int>();
        foreach (var character in text.EnumerateRunes())
            counts[character] = counts.GetValueOrDefault(character) + 1;
        IEnumerable<Rune> kept = counts.Count <= limit
            ? counts.Keys
            : counts.Where(c => c.Key != Rune.ReplacementChar).OrderByDescending(c => c.Value).ThenBy(c => c.Key)
                .Take(limit - 1).Select(c => c.Key).Append(Rune.ReplacementChar);
        return new Vocabulary([.. kept.Order()]);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The JSON text.</param>
    /// <param name="fileName">What errors call it.</param>
    /// <exception cref="DataFormatException">The text is not a saved vocabulary of a known version.</exception>
    public static Vocabulary FromJson(string json, string fileName = "vocabulary") => JsonNode.Read(json, fileName, Format, Version, root =>
    {
        Rune[] characters = [.. root.Text("characters").EnumerateRunes()];
        return characters.Length is > 0 and <= ushort.MaxValue && characters.Distinct().Count() == characters.Length
            ? new Vocabulary(characters)
            : throw root.Error("characters", "different characters, 1 to 65,535 of them");
    });

    /// <summary>The numbers of a text's characters.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="DataFormatException">A character is not in the vocabulary, and the vocabulary has no U+FFFD to read it as.</exception>
    public ushort[] Encode(string text, string name = "text")
    {
        ArgumentNullException.ThrowIfNull(text);
        var codes = new List<ushort>(text.Length);
        foreach (var character in text.EnumerateRunes())
        {
            if (!_numbers.TryGetValue(character, out var code) && !_numbers.TryGetValue(Rune.ReplacementChar, out code))
                throw new DataFormatException(name, $"the character '{character}' (U+{character.Value:X4}) is not among the {Count} that the model was trained on.");
            codes.Add(code);
        }
        return [.. codes];
    }

    /// <summary>The text of numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is not in the vocabulary.</exception>
    public string Decode(ReadOnlySpan<ushort> codes)
    {
        var text = new StringBuilder(codes.Length);
        foreach (var code in codes)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(code, Count, nameof(codes));
            text.Append(_characters[code]);
        }
        return text.ToString();
    }

    /// <summary>The vocabulary as JSON text, to be saved with the model.</summary>
    public string ToJson() => JsonNode.Write(Format, Version, writer => writer.WriteString("characters", string.Concat(_characters)));
}
