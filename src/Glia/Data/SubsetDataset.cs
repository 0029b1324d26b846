namespace Glia.Data;

/// <summary>Some samples of another data set.</summary>
internal sealed class SubsetDataset : Dataset
{
    private readonly Dataset _source;
    private readonly int[] _samples;

    public SubsetDataset(Dataset source, int[] samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        foreach (var sample in samples)
        {
            if ((uint)sample >= (uint)source.Count)
                throw new ArgumentException($"Subset expects samples from 0 to {source.Count - 1} but got {sample}.");
        }
        _source = source;
        _samples = samples;
        SampleWeights = Gather(source.SampleWeights);
        Lengths = Gather(source.Lengths);
    }

    public override int Count => _samples.Length;

    public override Shape InputShape => _source.InputShape;

    public override Shape TargetShape => _source.TargetShape;

    public override DType InputDType => _source.InputDType;

    public override DType TargetDType => _source.TargetDType;

    public override Tensor? SampleWeights { get; }

    public override Tensor? Lengths { get; }

    public override bool IsSlow => _source.IsSlow;

    public override void Fill(ReadOnlySpan<int> samples, Tensor input, Tensor target) => Fill(0, samples, input, target);

    public override void Fill(int epoch, ReadOnlySpan<int> samples, Tensor input, Tensor target)
    {
        var rows = new int[samples.Length];
        for (var i = 0; i < rows.Length; i++)
            rows[i] = _samples[samples[i]];
        _source.Fill(epoch, rows, input, target);
    }

    private Tensor? Gather(Tensor? perSample)
    {
        if (perSample is null)
            return null;
        var own = Tensor.AllocatePersistent(Count, perSample.DType, perSample.Device);
        TensorDataset.Gather(_samples, perSample, own);
        return own;
    }
}
