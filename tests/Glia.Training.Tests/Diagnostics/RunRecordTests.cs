using Glia.Diagnostics;
using Glia.Training.Diagnostics;

namespace Glia.Training.Tests.Diagnostics;

public class RunRecordTests
{
    public static TheoryData<Symptom> Symptoms => [.. Records.Sick.Keys];

    [Theory]
    [MemberData(nameof(Symptoms))]
    public void Json_ReadBack_IsTheSame_AndSoAreTheFindings(Symptom symptom)
    {
        var record = Records.Sick[symptom] with { StopReason = StopReason.EarlyStopping, RestoredEpoch = 4, LossStride = 8 };
        var again = RunRecord.FromJson(record.ToJson());
        Assert.Equal(record.ToJson(), again.ToJson());
        Assert.Equal(TrainingDoctor.Examine(record), TrainingDoctor.Examine(again));
        Assert.Equal((StopReason.EarlyStopping, 4, 8), (again.StopReason, again.RestoredEpoch, again.LossStride));
        Assert.Equal(record.Losses, again.Losses);
    }

    [Fact]
    public void Json_KeepsNaNAndInfinity()
    {
        var record = Records.Healthy with
        {
            Losses = [1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -0.0],
            Data = Records.Healthy.Data with { NeighbourSignal = double.NaN, FeatureStds = [double.PositiveInfinity], FeatureMeans = [0] },
            Settings = new() { LearningRate = double.NaN, ClipNorm = double.PositiveInfinity },
        };
        var again = RunRecord.FromJson(record.ToJson());
        Assert.Equal(record.Losses.Select(BitConverter.DoubleToInt64Bits), again.Losses.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(record.Settings, again.Settings);
        Assert.True(double.IsNaN(again.Data.NeighbourSignal));
        Assert.Equal([double.PositiveInfinity], again.Data.FeatureStds);
        Assert.Contains("\"role\":\"Linear\"", record.ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("no JSON at all")]
    [InlineData("{\"settings\":null,\"data\":{},\"model\":{}}")]
    [InlineData("{\"settings\":{},\"data\":{}}")]
    [InlineData("{\"settings\":{},\"data\":{},\"model\":{\"layers\":null}}")]
    public void NoRecord_IsRefusedInWords(string json)
    {
        var error = Assert.Throws<FormatException>(() => RunRecord.FromJson(json));
        Assert.StartsWith("The record of a run is ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"layers\":[{", "\"layers\":[null,{", "a layer or a reason")]
    [InlineData("\"layers\":[{", "\"layers\":[{},{", "missing required properties")]
    [InlineData("\"role\":\"Linear\"", "\"role\":\"Cook\"", "layers[0].role")]
    [InlineData("\"role\":\"Linear\"", "\"role\":99", "a layer or a reason")]
    [InlineData("\"role\":\"Rectifier\",\"dead", "\"role\":99,\"dead", "a probe with nothing in it")]
    [InlineData("\"name\":\"fc1\"", "\"name\":null", "layers[0].name")]
    [InlineData("\"type\":\"Dense\",", "", "'type'")]
    [InlineData("\"stopReason\":\"Completed\"", "\"stopReason\":\"Boredom\"", "stopReason")]
    [InlineData("\"stopReason\":\"Completed\"", "\"stopReason\":17", "a layer or a reason")]
    [InlineData("\"losses\":[", "\"losses\":[\"two\",", "losses[0]")]
    [InlineData("\"losses\":[", "\"losses\":[null,", "losses[0]")]
    [InlineData("\"losses\":", "\"lesses\":", "a part is missing")]
    [InlineData("\"epochs\":[{", "\"epochs\":[null,{", "an epoch without a loss")]
    [InlineData("\"training\":{\"loss\"", "\"training\":{\"lost\"", "an epoch without a loss")]
    [InlineData("\"validation\":{\"loss\"", "\"validation\":{\"lost\"", "an epoch without a loss")]
    [InlineData("\"training\":", "\"trained\":", "'training'")]
    [InlineData("\"probes\":[{", "\"probes\":[null,{", "a probe with nothing in it")]
    [InlineData("\"parameters\":[{", "\"parameters\":[null,{", "a probe with nothing in it")]
    [InlineData("\"activations\":[{", "\"activations\":[null,{", "a probe with nothing in it")]
    [InlineData("\"activations\":[", "\"actuations\":[", "'activations'")]
    [InlineData("\"samples\":150", "\"samples\":1e99", "samples")]
    [InlineData("\"classCounts\":[50,50,50]", "\"classCounts\":[0,0]", "classes without samples")]
    [InlineData("\"classCounts\":[50,50,50]", "\"classCounts\":null", "classCounts")]
    [InlineData("\"featureMeans\":[0,", "\"featureMeans\":[", "means of 3 features but deviations of 4")]
    public void DamagedJson_IsRefusedInWords(string old, string other, string words)
    {
        var json = Records.Healthy.ToJson();
        var place = json.IndexOf(old, StringComparison.Ordinal);
        Assert.True(place >= 0, $"The record does not hold {old}.");
        var error = Assert.Throws<FormatException>(() => RunRecord.FromJson(json[..place] + other + json[(place + old.Length)..]));
        Assert.StartsWith("The record of a run is damaged: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonCutOffAnywhere_IsRefused()
    {
        var json = Records.Healthy.ToJson();
        for (var length = 0; length < json.Length; length += 37)
            Assert.Throws<FormatException>(() => RunRecord.FromJson(json[..length]));
    }

    [Fact]
    public void JsonWithAnyPartRemoved_IsRefusedOrExamined()
    {
        // Numbers by NaN, texts by null, lists by nothing: whatever is read must not make the rules fail.
        // A few epochs and probes are enough.
        var brief = Records.Healthy with { Losses = [2, 1], Epochs = [.. Records.Healthy.Epochs.Take(2)], Probes = [.. Records.Healthy.Probes.Take(1)] };
        var json = brief.ToJson();
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] is not (':' or '['))
                continue;
            foreach (var other in (string[])["null,", "{},", "[],", "-1,", "\"NaN\",", "\"x\","])
            {
                try
                {
                    TrainingDoctor.Examine(RunRecord.FromJson(json[..(i + 1)] + other + json[(i + 1)..]));
                    TrainingDoctor.Examine(RunRecord.FromJson(json[..(i + 1)] + other.TrimEnd(',') + Rest(json, i + 1)));
                }
                catch (FormatException)
                {
                    // As it should be.
                }
            }
        }
    }

    /// <summary>The text behind the value that begins at a place.</summary>
    private static string Rest(string json, int start)
    {
        var depth = 0;
        for (var i = start; i < json.Length; i++)
        {
            if (depth == 0 && json[i] is ',' or ']' or '}' && depth-- == 0)
                return json[i..];
            depth += json[i] switch
            {
                '[' or '{' => 1,
                _ => 0,
            };
        }
        return "";
    }
}
