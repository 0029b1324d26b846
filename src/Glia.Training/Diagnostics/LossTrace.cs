namespace Glia.Training.Diagnostics;

/// <summary>The losses of any number of steps in bounded memory: means of neighbours, of twice as many each time the room is full.</summary>
internal sealed class LossTrace
{
    private const int Room = 1024;

    private readonly List<double> _means = [];
    private double _sum;
    private int _count;

    public int Stride { get; private set; } = 1;

    public void Add(double loss)
    {
        _sum += loss;
        if (++_count < Stride)
            return;
        _means.Add(_sum / _count);
        (_sum, _count) = (0, 0);
        if (_means.Count < Room)
            return;
        for (var i = 0; i < Room / 2; i++)
            _means[i] = (_means[2 * i] + _means[(2 * i) + 1]) / 2;
        _means.RemoveRange(Room / 2, Room / 2);
        Stride *= 2;
    }

    public void SaveState(CheckpointWriter writer)
    {
        writer.Write("means", _means);
        writer.Write("sum", _sum);
        writer.Write("count", _count);
        writer.Write("stride", Stride);
    }

    public void LoadState(CheckpointReader reader)
    {
        _means.Clear();
        _means.AddRange(reader.ReadNumbers("means"));
        (_sum, _count, Stride) = (reader.ReadNumber("sum"), (int)reader.ReadInteger("count"), (int)reader.ReadInteger("stride"));
    }

    public IReadOnlyList<double> ToList() => _count == 0 ? [.. _means] : [.. _means, _sum / _count];
}
