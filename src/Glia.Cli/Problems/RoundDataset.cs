using Glia.Data;

namespace Glia.Cli.Problems;

/// <summary>A long data set cut into rounds of equal size, each an epoch for the trainer: one pass over the data in random order, then another.</summary>
internal sealed class RoundDataset(Dataset source, int count, ulong seed) : Dataset
{
    private readonly Rng _rng = new Rng(seed).Split("rounds");

    // A round may reach from one pass into the next.
    private readonly (long Pass, int[] Order)[] _orders = [(-1, []), (-1, [])];

    public override int Count => count;

    public override Shape InputShape => source.InputShape;

    public override Shape TargetShape => source.TargetShape;

    public override DType InputDType => source.InputDType;

    public override DType TargetDType => source.TargetDType;

    public override void Fill(ReadOnlySpan<int> samples, Tensor input, Tensor target) => Fill(0, samples, input, target);

    public override void Fill(int epoch, ReadOnlySpan<int> samples, Tensor input, Tensor target)
    {
        var rows = new int[samples.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var (pass, place) = Math.DivRem(((long)epoch * count) + samples[i], source.Count);
            ref var kept = ref _orders[pass % 2];
            if (kept.Pass != pass)
                kept = (pass, _rng.Split((ulong)pass).Permutation(source.Count));
            rows[i] = kept.Order[place];
        }
        source.Fill(epoch, rows, input, target);
    }
}
