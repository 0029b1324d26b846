namespace Glia.Interchange.Tests.Weights;

public class WeightMapTests
{
    [Theory]
    [InlineData("encoder.*=enc.*", "encoder.0.weight", "enc.0.weight")]
    [InlineData("encoder.*=enc.*", "encoder.", "enc.")]
    [InlineData("encoder.*=enc.*", "decoder.0.weight", null)]
    [InlineData("*.gamma=*.weight", "bn.1.gamma", "bn.1.weight")]
    [InlineData("*=model.*", "x", "model.x")]
    [InlineData("a*a=b*b", "aa", "bb")]
    [InlineData("a*a=b*b", "a", null)]
    [InlineData("fc.weight=out.weight", "fc.weight", "out.weight")]
    [InlineData("fc.weight=out.weight", "fc.weight2", null)]
    [InlineData("head.*=", "head.weight", "")]
    [InlineData("a=b=c", "a", "b=c")]
    public void Rule_GivesTheNewName(string rule, string name, string? expected) => Assert.Equal(expected, WeightMap.Parse([rule]).Find(name)?.Apply(name));

    [Fact]
    public void FirstRuleThatFits_Counts()
    {
        var map = new WeightMap { ["a.b.*"] = "x.*", ["a.*"] = "y.*" };
        Assert.Equal("x.c", map.Find("a.b.c")!.Apply("a.b.c"));
        Assert.Equal("y.c", map.Find("a.c")!.Apply("a.c"));
        Assert.Equal(["a.b.*=x.*", "a.*=y.*"], map.Rules);
    }

    [Theory]
    [InlineData("abc", "is not written as old=new")]
    [InlineData("=b", "is not written as old=new")]
    [InlineData("a.*.*=b.*", "needs one '*' on both sides")]
    [InlineData("a=b.*", "needs one '*' on both sides")]
    [InlineData("a.*=b", "needs one '*' on both sides")]
    public void WrongRule_IsRefused(string rule, string expected) => Assert.Contains(expected, Assert.Throws<ArgumentException>(() => WeightMap.Parse([rule])).Message, StringComparison.Ordinal);

    [Fact]
    public void RuleGivenTwice_IsRefused() => Assert.Contains("There is a rule for 'a' already.", Assert.Throws<ArgumentException>(() => WeightMap.Parse(["a=b", "a=c"])).Message, StringComparison.Ordinal);

    [Fact]
    public void Transposing_IsWritten() => Assert.True(WeightMap.Parse(["dense.kernel=fc.weight^T"]).Find("dense.kernel") is { Transpose: true, New: "fc.weight" });
}
