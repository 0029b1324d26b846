using System.Text;

namespace Glia.Data.Tests.Sequences;

public class TextTests
{
    [Fact]
    public void Vocabulary_RoundTrip_GivesTheTextBack()
    {
        const string text = "Ça va, 日本 🙂?\n";
        var vocabulary = Vocabulary.FromJson(Vocabulary.Fit(text).ToJson());

        Assert.Equal(10, vocabulary.Count);
        Assert.Equal(text, vocabulary.Decode(vocabulary.Encode(text)));
        Assert.Equal(vocabulary.Characters.Order(), vocabulary.Characters);
    }

    [Fact]
    public void Vocabulary_UnknownCharacter_IsNamed() => Assert.Equal(
        "prompt: the character 'z' (U+007A) is not among the 2 that the model was trained on.",
        Assert.Throws<DataFormatException>(() => Vocabulary.Fit("abba").Encode("baz", "prompt")).Message);

    [Fact]
    public void Vocabulary_BeyondTheLimit_ReadsTheRarestAsReplacement()
    {
        var vocabulary = Vocabulary.Fit("aaabbc", limit: 2);

        Assert.Equal("a\uFFFD", string.Concat(vocabulary.Characters));
        Assert.Equal("a\uFFFD\uFFFDa", vocabulary.Decode(vocabulary.Encode("abza")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"format":"glia.vocabulary","version":1,"characters":""}""")]
    [InlineData("""{"format":"glia.vocabulary","version":1,"characters":"aa"}""")]
    [InlineData("""{"format":"glia.vocabulary","version":2,"characters":"ab"}""")]
    public void Vocabulary_DamagedJson_IsRefused(string json) => Assert.Throws<DataFormatException>(() => Vocabulary.FromJson(json));

    [Fact]
    public void TextDataset_Targets_AreTheNextCharacters()
    {
        var vocabulary = Vocabulary.Fit("abcdefgh");
        var data = new TextDataset(vocabulary.Encode("abcdefgh"), steps: 3);
        var batch = new DataLoader(data, 2, shuffle: false).Epoch().Single();

        Assert.Equal(2, data.Count);
        Assert.Equal([0L, 1, 2, 3, 4, 5], batch.Input.ToArray<long>());
        Assert.Equal([1L, 2, 3, 4, 5, 6], batch.Target.ToArray<long>());
        Assert.Equal(5, new TextDataset(vocabulary.Encode("abcdefgh"), steps: 3, stride: 1).Count);
        Assert.Equal(1, new TextDataset(vocabulary.Encode("abcd"), steps: 3).Count);
        Assert.Throws<ArgumentException>(() => new TextDataset(vocabulary.Encode("abc"), steps: 3));
    }

    [Fact]
    public void TextFile_Utf8WithMarkAndWindowsLines_IsReadAsPlainText()
    {
        using var folder = new TempFolder();
        var path = folder.File("a.txt", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("é\r\nb\n")]);

        Assert.Equal("é\nb\n", TextFile.Read(path));
    }

    [Fact]
    public void TextFile_NoText_SaysWhere()
    {
        using var folder = new TempFolder();
        Assert.EndsWith("zero.txt, line 2: this is not a text file: it holds a zero byte.", Refused("zero.txt", [65, 10, 0, 66]), StringComparison.Ordinal);
        Assert.EndsWith("latin.txt, line 3: the text is not in UTF-8. Convert it first.", Refused("latin.txt", [65, 10, 10, 0xE9, 66]), StringComparison.Ordinal);
        Assert.EndsWith("empty.txt: the file is empty.", Refused("empty.txt", []), StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(() => TextFile.Read(Path.Combine(folder.Path, "none.txt")));

        string Refused(string name, byte[] content) => Assert.Throws<DataFormatException>(() => TextFile.Read(folder.File(name, content))).Message;
    }
}
