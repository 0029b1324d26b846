using System.Text;

namespace Glia.Interchange.Tests.Safetensors;

public class SafetensorsHeaderTests
{
    private const string Valid = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Theory]
    [InlineData("{}", 0)]
    [InlineData("{}      ", 0)]
    [InlineData(Valid, 8)]
    [InlineData("""{"a":{"data_offsets":[0,8],"shape":[2],"dtype":"F32"}}""", 8)]
    [InlineData("""{"":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}""", 1)]
    [InlineData("""{"a":{"dtype":"F32","shape":[0,9],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 2)]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 1)]
    [InlineData("""{"__metadata__":{}}""", 0)]
    public void ValidHeader_IsRead(string header, int dataLength)
    {
        var bytes = SafetensorsFile.Read(SafetensorsBytes.File(header, dataLength)).Entries.Sum(entry => entry.ByteLength);
        Assert.Equal(dataLength, bytes);
    }

    [Theory]
    [InlineData("", 0, "does not begin with '{'")]
    [InlineData("[]", 0, "does not begin with '{'")]
    [InlineData(" {}", 0, "does not begin with '{'")]
    [InlineData("{", 0, "not the JSON")]
    [InlineData("{}x", 0, "not the JSON")]
    [InlineData("{}\0", 0, "not the JSON")]
    [InlineData("{} {}", 0, "not the JSON")]
    [InlineData("""{"a"}""", 0, "not the JSON")]
    [InlineData("""{"a":{},}""", 0, "lacks one of")]
    [InlineData("""{"a":1}""", 0, "must be an object")]
    [InlineData("""{"a":{}}""", 0, "lacks one of dtype, shape and data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "lacks one of")]
    [InlineData("""{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", 8, "dtype 'F31' of 'a' is unknown; known are BOOL, U8")]
    [InlineData("""{"a":{"dtype":"f32","shape":[2],"data_offsets":[0,8]}}""", 8, "unknown")]
    [InlineData("""{"a":{"dtype":7,"shape":[2],"data_offsets":[0,8]}}""", 8, "must be a text")]
    [InlineData("""{"a":{"dtype":"F32","shape":2,"data_offsets":[0,8]}}""", 8, "must be a list of integers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "only integers from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""", 8, "only integers from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":["2"],"data_offsets":[0,8]}}""", 8, "only integers from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[null],"data_offsets":[0,8]}}""", 8, "only integers from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8]}}""", 8, "only integers from 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[[2]],"data_offsets":[0,8]}}""", 8, "not the JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", 8, "need too many")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387906],"data_offsets":[0,8]}}""", 8, "need too many")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "span 8 bytes but its shape and dtype need 12")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}""", 8, "must be two numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8]}}""", 8, "must be two numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "begin ≤ end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", 8, "only integers from 0")]
    [InlineData(Valid, 7, "should end at byte 8 but the file holds 7 bytes")]
    [InlineData(Valid, 9, "1 bytes after the last entry belong to none")]
    [InlineData("{}", 1, "belong to none")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "begin at byte 4 where 0 was expected")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""",
        3, "'b' begin at byte 1")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""",
        2, "'b' begin at byte 0")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}""",
        4, "'b' begin at byte 3")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[0],"data_offsets":[1,1]}}""",
        2, "'b' begin at byte 1")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""",
        2, "'a' occurs twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"\u0061":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""",
        2, "'a' occurs twice")]
    [InlineData("""{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "key 'dtype' twice")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":1}}""", 1, "key 'x' twice or should not have it")]
    [InlineData("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":{"y":{"z":1}}}}""", 1, "should not have it")]
    [InlineData("""{"__metadata__":null}""", 0, "must be an object of texts")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "__metadata__ 'k' must be a text")]
    [InlineData("""{"__metadata__":{"k":{}}}""", 0, "__metadata__ 'k' must be a text")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "__metadata__ 'k' occurs twice")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0, "__metadata__ occurs twice")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""", 1, "not valid Unicode")]
    public void BrokenHeader_IsRefusedWithTheReason(string header, int dataLength, string reason)
    {
        var error = Assert.Throws<SafetensorsException>(() => SafetensorsBytes.Read(header, dataLength));
        Assert.StartsWith("safetensors data: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void InvalidUtf8_IsRefused()
    {
        var header = Encoding.UTF8.GetBytes("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}""");
        header[2] = 0xFF;
        Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(SafetensorsBytes.File((ulong)header.Length, [.. header, 0])));
    }

    [Fact]
    public void DeeplyNestedJson_IsRefused()
    {
        var header = """{"a":{"shape":""" + new string('[', 1_000_000);
        Assert.Throws<SafetensorsException>(() => SafetensorsBytes.Read(header));
    }

    [Fact]
    public void NameInAMessage_IsShortenedAndWithoutControlCharacters()
    {
        var error = Assert.Throws<SafetensorsException>(() => SafetensorsBytes.Read($$"""{"\u001b[2J{{new string('x', 9999)}}": 1 }"""));
        Assert.True(error.Message.Length < 250);
        Assert.DoesNotContain('\u001b', error.Message);
    }

    [Theory]
    [InlineData(3UL)]
    [InlineData(100_000_001UL)]
    [InlineData(0x7FFF_FFFFUL)]
    [InlineData(0x1_0000_0000UL)]
    [InlineData(long.MaxValue)]
    [InlineData(ulong.MaxValue)]
    public void HeaderLongerThanTheFile_IsRefusedWithoutAllocating(ulong length)
    {
        var file = SafetensorsBytes.File(length, [(byte)'{', (byte)'}']);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<SafetensorsException>(() => SafetensorsFile.Read(file));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
        Assert.Contains("only 2 bytes follow", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HeaderOverTheLimit_IsRefused()
    {
        var error = Assert.Throws<SafetensorsException>(() => SafetensorsHeader.CheckLength(100_000_001, long.MaxValue, "big"));
        Assert.Equal("big: the header is 100000001 bytes long; at most 100000000 are allowed.", error.Message);
    }

    [Fact]
    public void SmallFileWithHugeShape_NeverAllocatesMuch()
    {
        var shape = string.Join(",", Enumerable.Repeat("0", 400));
        var header = $$"""{"a":{"dtype":"F32","shape":[{{shape}},9223372036854775807],"data_offsets":[0,0]} }""";
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Empty(SafetensorsBytes.Read(header).ReadSingles("a"));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1_000_000);
    }
}
