namespace Glia.Kernels.Tests;

public class IsaTests
{
    [Fact]
    public void Parse_Unset_ChoosesTheWidest()
    {
        Assert.Equal(IsaSupport.Available[^1], IsaSupport.Parse(null));
        Assert.Equal(IsaSupport.Available[^1], IsaSupport.Parse(" "));
    }

    [Fact]
    public void Parse_AvailableName_ChoosesIt()
    {
        foreach (var isa in IsaSupport.Available)
            Assert.Equal(isa, IsaSupport.Parse(isa.ToString().ToUpperInvariant()));
    }

    [Fact]
    public void Parse_UnknownName_ListsTheNames()
    {
        var e = Assert.Throws<InvalidOperationException>(() => IsaSupport.Parse("sse9"));
        Assert.Equal("GLIA_ISA is 'sse9'; use avx512, avx2, neon or scalar, or leave it unset.", e.Message);
    }

    [Fact]
    public void Parse_NameThisProcessorLacks_SaysWhatItHas()
    {
        var missing = new[] { Isa.Neon, Isa.Avx512 }.First(i => !IsaSupport.Available.Contains(i)).ToString().ToLowerInvariant();
        var e = Assert.Throws<InvalidOperationException>(() => IsaSupport.Parse(missing));
        Assert.Contains($"asks for '{missing}', which this processor lacks; it has scalar", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Use_DisposedScope_RestoresTheChoice()
    {
        var before = IsaSupport.Current;
        using (IsaSupport.Use(Isa.Scalar))
            Assert.Equal(Isa.Scalar, IsaSupport.Current);
        Assert.Equal(before, IsaSupport.Current);
    }
}
