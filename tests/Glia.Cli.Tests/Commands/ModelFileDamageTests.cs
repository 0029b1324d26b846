using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Glia.Cli.Tests.Commands;

/// <summary>Whatever is in a model file: the program says so in one line or works, and neither crashes nor asks for memory by a number it has read.</summary>
[Collection(TrainedModelsCollection.Name)]
public sealed class ModelFileDamageTests(TrainedModels models) : IDisposable
{
    private const long MostAllocated = 200 << 20;

    private readonly Workspace _workspace = new();

    private static readonly string[] Replacements =
        ["null", "-1", "0", "3", "1e18", "1e999", "2147483647", "4000000000", "0.5", "\"x\"", "[]", "{}", "true", "[1,1]", "[2147483647,2147483647]"];

    private string ModelPath => _workspace["model.safetensors"];

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void TruncatedAnywhere_IsRefused()
    {
        var bytes = File.ReadAllBytes(Path.Combine(models.Iris, "model.safetensors"));
        for (var length = 0; length < bytes.Length; length += length < 64 ? 1 : 97)
        {
            File.WriteAllBytes(ModelPath, bytes[..length]);
            RunAndExpect(mustFail: true, $"truncated to {length} bytes", "summary", ModelPath);
        }
    }

    [Fact]
    public void DamagedBytes_AreRefusedOrHarmless()
    {
        var bytes = File.ReadAllBytes(Path.Combine(models.Iris, "model.safetensors"));
        var random = new Random(1);
        for (var i = 0; i < 300; i++)
        {
            var damaged = bytes.ToArray();
            // Half of the damage goes to the header, which is where it matters.
            var position = random.Next(i % 2 == 0 ? 2500 : bytes.Length);
            damaged[position] = (byte)random.Next(256);
            File.WriteAllBytes(ModelPath, damaged);
            RunAndExpect(mustFail: false, $"byte {position} = {damaged[position]}", "predict", ModelPath, "iris");
        }
    }

    [Fact]
    public void RandomBytes_AreRefused()
    {
        var random = new Random(2);
        foreach (var length in new[] { 8, 9, 100, 10_000 })
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            File.WriteAllBytes(ModelPath, bytes);
            RunAndExpect(mustFail: true, $"{length} random bytes", "predict", ModelPath, "iris");
        }
    }

    [Fact]
    public void WeightsWithoutModel_AreRefused()
    {
        File.WriteAllBytes(ModelPath, Safetensors("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", [0, 0, 0, 0]));
        Cli.Run("summary", ModelPath).Fails(
            $"glia: {ModelPath}: this safetensors file holds weights but no Glia model. Save models with ModelFile.Save, or with 'glia train'.");
    }

    [Theory]
    [InlineData("iris")]
    [InlineData("diabetes")]
    [InlineData("digits")]
    public void TamperedDescription_IsRefusedOrHarmless(string name)
    {
        var folder = name == "iris" ? models.Iris : name == "diabetes" ? models.Diabetes : models.Digits;
        var (header, data) = Split(File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
        string[] predict = ["predict", ModelPath, name == "digits" ? Directory.GetFiles(models.Digits, "example-*.png").Single() : name];
        var count = 0;
        foreach (var key in header["__metadata__"]!.AsObject().Select(entry => entry.Key).ToArray())
        {
            var text = header["__metadata__"]![key]!.GetValue<string>();
            foreach (var changed in Tampered(text))
            {
                var other = header.DeepClone();
                other["__metadata__"]![key] = changed;
                File.WriteAllBytes(ModelPath, Safetensors(other.ToJsonString(), data));
                RunAndExpect(mustFail: false, $"{key}: {changed}", predict);
                count++;
            }
            var without = header.DeepClone();
            without["__metadata__"]!.AsObject().Remove(key);
            File.WriteAllBytes(ModelPath, Safetensors(without.ToJsonString(), data));
            RunAndExpect(mustFail: true, $"without {key}", predict);
        }
        Assert.True(count > 300);
    }

    private static (JsonNode Header, byte[] Data) Split(byte[] file)
    {
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        return (JsonNode.Parse(file.AsSpan(8, length))!, file[(8 + length)..]);
    }

    private static byte[] Safetensors(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return [.. length, .. text, .. data];
    }

    /// <summary>The text cut short, and with each value in its JSON replaced by each of the replacements, or removed.</summary>
    private static IEnumerable<string> Tampered(string text)
    {
        yield return "";
        yield return text[..(text.Length / 2)];
        if (text[0] != '{')
            yield break;
        foreach (var path in Paths(JsonNode.Parse(text)!, []))
        {
            foreach (var replacement in Replacements)
            {
                // JSON of this kind has no place for a number that a double cannot hold, so it is put in as text.
                var root = JsonNode.Parse(text)!;
                Set(root, path, JsonValue.Create("@@"));
                yield return root.ToJsonString().Replace("\"@@\"", replacement, StringComparison.Ordinal);
            }
            var shortened = JsonNode.Parse(text)!;
            Set(shortened, path, null);
            yield return shortened.ToJsonString();
        }
    }

    private static IEnumerable<object[]> Paths(JsonNode node, object[] path)
    {
        IEnumerable<(object Key, JsonNode? Child)> children = node switch
        {
            JsonObject map => map.Select(entry => ((object)entry.Key, entry.Value)),
            // The first few of a list stand for all.
            JsonArray list => list.Take(3).Select((child, i) => ((object)i, child)),
            _ => [],
        };
        foreach (var (key, child) in children)
        {
            object[] here = [.. path, key];
            yield return here;
            if (child is null)
                continue;
            foreach (var below in Paths(child, here))
                yield return below;
        }
    }

    private static void Set(JsonNode root, object[] path, JsonNode? value)
    {
        foreach (var key in path[..^1])
            root = key is string name ? root[name]! : root[(int)key]!;
        if (path[^1] is int index)
        {
            if (value is null)
                root.AsArray().RemoveAt(index);
            else
                root[index] = value;
        }
        else if (value is null)
        {
            root.AsObject().Remove((string)path[^1]);
        }
        else
        {
            root[(string)path[^1]] = value;
        }
    }

    private static void RunAndExpect(bool mustFail, string what, params string[] args)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = Cli.Run(args);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < MostAllocated, $"{what}: {allocated} bytes");
        if (result.ExitCode == 0 && !mustFail)
            return;
        Assert.True(result is { ExitCode: 2, Out: "" }, $"{what}: {result}");
        Assert.True(result.Error.StartsWith("glia: ", StringComparison.Ordinal) && result.Error.IndexOf('\n') == result.Error.Length - 1, $"{what}: {result}");
        Assert.DoesNotContain("not enough memory", result.Error, StringComparison.Ordinal);
    }
}
