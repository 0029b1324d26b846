using System.Collections.Concurrent;

namespace Glia.Data;

/// <summary>
/// Cuts a data set into batches that do not overlap. The order is drawn anew for every epoch from the seed; the same seed and epoch give the
/// same batches. One pass over the data is an epoch.
/// </summary>
public sealed class DataLoader
{
    private readonly Dataset _dataset;
    private readonly bool _shuffle;
    private readonly Rng _rng;
    private readonly int _prefetch;
    private readonly Tensor? _sampleWeights;
    private readonly Tensor? _lengths;
    private readonly ConcurrentBag<Batch> _buffers = [];

    /// <summary>Creates a loader.</summary>
    /// <param name="dataset">The samples.</param>
    /// <param name="batchSize">Samples per batch: 1 for stochastic gradient descent, all of them for full-batch.</param>
    /// <param name="shuffle">Whether to draw a new order for every epoch; true by default.</param>
    /// <param name="seed">The seed of the order.</param>
    /// <param name="dropLast">Whether to leave out a last batch that is not full; false by default.</param>
    /// <param name="prefetch">How many batches to read ahead on another thread; by default 2 if the data set is slow, else 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The batch size is not positive, or the prefetch is negative.</exception>
    /// <exception cref="ArgumentException">Leaving out the last batch would leave none.</exception>
    /// <exception cref="ShapeException">The data set's sample weights or lengths are not one for each sample.</exception>
    public DataLoader(Dataset dataset, int batchSize, bool shuffle = true, ulong seed = 0, bool dropLast = false, int? prefetch = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        if (dropLast && dataset.Count < batchSize)
            throw new ArgumentException($"dropLast leaves nothing of {dataset.Count} samples in batches of {batchSize}. Use a smaller batchSize, or keep the last batch.");
        _dataset = dataset;
        _shuffle = shuffle;
        _rng = new Rng(seed).Split("shuffle");
        _sampleWeights = OnePerSample(dataset.SampleWeights, nameof(dataset.SampleWeights));
        _lengths = OnePerSample(dataset.Lengths, nameof(dataset.Lengths));
        _prefetch = prefetch ?? (dataset.IsSlow ? 2 : 0);
        ArgumentOutOfRangeException.ThrowIfNegative(_prefetch, nameof(prefetch));
        BatchSize = Math.Min(batchSize, Math.Max(1, dataset.Count));
        BatchCount = dropLast ? dataset.Count / BatchSize : (dataset.Count + BatchSize - 1) / BatchSize;
    }

    /// <summary>Samples per batch.</summary>
    public int BatchSize { get; }

    /// <summary>Batches per epoch.</summary>
    public int BatchCount { get; }

    /// <summary>The batches of one epoch. Each is valid until the next one is asked for.</summary>
    public IEnumerable<Batch> Epoch(int epoch = 0)
    {
        var order = _shuffle ? _rng.Split((ulong)epoch).Permutation(_dataset.Count) : [.. Enumerable.Range(0, _dataset.Count)];
        return _prefetch == 0 ? Read(epoch, order) : ReadAhead(epoch, order);
    }

    private IEnumerable<Batch> Read(int epoch, int[] order)
    {
        var buffer = TakeBuffer();
        try
        {
            for (var i = 0; i < BatchCount; i++)
                yield return Load(epoch, order, i, buffer);
        }
        finally
        {
            _buffers.Add(buffer);
        }
    }

    /// <summary>One thread fills buffers in order; a buffer goes back to it when its batch has been used.</summary>
    private IEnumerable<Batch> ReadAhead(int epoch, int[] order)
    {
        using var free = new BlockingCollection<Batch>();
        using var full = new BlockingCollection<(Batch Batch, Batch Buffer)>();
        using var stop = new CancellationTokenSource();
        for (var i = 0; i <= _prefetch; i++)
            free.Add(TakeBuffer());
        Exception? failure = null;
        var reader = new Thread(() =>
        {
            try
            {
                for (var i = 0; i < BatchCount; i++)
                {
                    var buffer = free.Take(stop.Token);
                    full.Add((Load(epoch, order, i, buffer), buffer));
                }
            }
            catch (OperationCanceledException)
            {
                // The consumer left early.
            }
            catch (Exception e)
            {
                failure = e;
            }
            finally
            {
                full.CompleteAdding();
            }
        })
        { IsBackground = true, Name = "Glia data loader" };
        reader.Start();
        try
        {
            foreach (var (batch, buffer) in full.GetConsumingEnumerable())
            {
                try
                {
                    yield return batch;
                }
                finally
                {
                    free.Add(buffer);
                }
            }
            if (failure is not null)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
        finally
        {
            stop.Cancel();
            reader.Join();
            while (free.TryTake(out var buffer))
                _buffers.Add(buffer);
            while (full.TryTake(out var unread))
                _buffers.Add(unread.Buffer);
        }
    }

    private Batch TakeBuffer() => _buffers.TryTake(out var buffer)
        ? buffer
        : new Batch(
            Tensor.AllocatePersistent(_dataset.InputShape.Prepend(BatchSize), _dataset.InputDType, Device.Cpu),
            Tensor.AllocatePersistent(_dataset.TargetShape.Prepend(BatchSize), _dataset.TargetDType, Device.Cpu))
        {
            SampleWeights = PerSampleBuffer(_sampleWeights),
            Lengths = PerSampleBuffer(_lengths),
        };

    private Tensor? PerSampleBuffer(Tensor? perSample) => perSample is null ? null : Tensor.AllocatePersistent(BatchSize, perSample.DType, Device.Cpu);

    private Tensor? OnePerSample(Tensor? perSample, string name) => perSample is null || perSample.Shape == new Shape(_dataset.Count)
        ? perSample
        : throw ShapeException.Of(nameof(DataLoader), $"{name} of the data set to be one for each sample, ({_dataset.Count},),", $"{perSample.Shape}");

    private Batch Load(int epoch, int[] order, int index, Batch buffer)
    {
        var start = index * BatchSize;
        var samples = order.AsSpan(start, Math.Min(BatchSize, order.Length - start));
        var batch = samples.Length == BatchSize
            ? new Batch(buffer.Input.Detach(), buffer.Target.Detach())
            : new Batch(
                buffer.Input.View(0, _dataset.InputShape.Prepend(samples.Length)), buffer.Target.View(0, _dataset.TargetShape.Prepend(samples.Length)));
        _dataset.Fill(epoch, samples, batch.Input, batch.Target);
        return batch with { SampleWeights = Gather(samples, _sampleWeights, buffer.SampleWeights), Lengths = Gather(samples, _lengths, buffer.Lengths) };
    }

    private static Tensor? Gather(ReadOnlySpan<int> samples, Tensor? perSample, Tensor? buffer)
    {
        if (perSample is null)
            return null;
        var rows = buffer!.View(0, samples.Length);
        TensorDataset.Gather(samples, perSample, rows);
        return rows;
    }
}
