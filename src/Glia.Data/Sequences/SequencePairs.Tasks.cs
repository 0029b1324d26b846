using System.Globalization;

namespace Glia.Data;

/// <content>Pairs that are made rather than collected.</content>
public sealed partial class SequencePairs
{
    private const int FirstYear = 1950, LastYear = 2049;

    /// <summary>
    /// How <see cref="Dates"/> writes its sources, as .NET date formats. Each tells the date for certain: with dots the day comes first, with slashes the month,
    /// and years of two digits are those from 1950 to 2049.
    /// </summary>
    public static IReadOnlyList<string> DateFormats { get; } =
    [
        "dddd, d MMMM yyyy", "ddd d MMM yyyy", "d MMMM yyyy", "d MMM yyyy", "MMMM d, yyyy", "MMM d, yyyy", "dd.MM.yyyy", "d.M.yyyy", "MM/dd/yy",
    ];

    /// <summary>
    /// Dates as people write them, in one of <see cref="DateFormats"/>, and as ISO 8601 has them: "Tuesday, 5 March 2019", "03/05/19" → "2019-03-05". The dates are
    /// drawn from 1950 to 2049, each at most once, so that parts of the set have neither a text nor a date in common. Pair i depends on seed and i alone.
    /// </summary>
    /// <param name="count">The number of pairs, up to 36,525.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many days, or none is asked for.</exception>
    public static SequencePairs Dates(int count, ulong seed = 0)
    {
        var first = new DateOnly(FirstYear, 1, 1).DayNumber;
        var days = new DateOnly(LastYear, 12, 31).DayNumber - first + 1;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, days);
        var rng = new Rng(seed).Split("dates");
        var order = rng.Permutation(days);
        var (sources, targets) = (new string[count], new string[count]);
        for (var i = 0; i < count; i++)
        {
            var date = DateOnly.FromDayNumber(first + order[i]);
            sources[i] = date.ToString(DateFormats[rng.Split((ulong)i).NextInt(DateFormats.Count)], CultureInfo.InvariantCulture);
            targets[i] = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        }
        var names = CultureInfo.InvariantCulture.DateTimeFormat;
        var characters = string.Concat([" ,./0123456789", .. names.MonthNames, .. names.DayNames]);
        return new SequencePairs(sources, targets, Vocabulary.Fit(characters), Vocabulary.Fit("-0123456789"));
    }

    /// <summary>
    /// Sums as texts: "37+58" → "95". Both numbers are from 0 to 10^<paramref name="digits"/> − 1; each ordered pair of them comes at most once, so that parts
    /// of the set have no text in common. Pair i depends on seed, digits and i alone.
    /// </summary>
    /// <param name="count">The number of pairs, up to 100^<paramref name="digits"/>.</param>
    /// <param name="digits">The digits of the largest number, 1 to 3; 2 by default.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many sums, none is asked for, or the digits are out of range.</exception>
    public static SequencePairs Sums(int count, int digits = 2, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 3);
        var numbers = digits switch { 1 => 10, 2 => 100, _ => 1000 };
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, numbers * numbers);
        var order = new Rng(seed).Split("sums").Permutation(numbers * numbers);
        var (sources, targets) = (new string[count], new string[count]);
        for (var i = 0; i < count; i++)
        {
            var (a, b) = Math.DivRem(order[i], numbers);
            sources[i] = string.Create(CultureInfo.InvariantCulture, $"{a}+{b}");
            targets[i] = (a + b).ToString(CultureInfo.InvariantCulture);
        }
        return new SequencePairs(sources, targets, Vocabulary.Fit("+0123456789"), Vocabulary.Fit("0123456789"));
    }
}
