using System.Collections.Concurrent;

namespace Glia.Data;

/// <summary>
/// Cuts a data set into batches that do not overlap. The order is drawn anew for every epoch from the seed; the same seed and epoch give the
/// same batches. One pass over the data is an epoch.
/// </summary>
public sealed class DataLoader
{
    private const long ReadAheadBytes = 1 << 20;

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
    /// <param name="prefetch">How many batches to read ahead on another thread; by default 0, or if the data set is slow 2, and up to 15 of small batches, as far as they take no more than a megabyte.</param>
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
        BatchSize = Math.Min(batchSize, Math.Max(1, dataset.Count));
        _prefetch = prefetch ?? (dataset.IsSlow ? (int)Math.Clamp(ReadAheadBytes / Math.Max(1, BatchBytes(dataset)), 2, 15) : 0);
        ArgumentOutOfRangeException.ThrowIfNegative(_prefetch, nameof(prefetch));
        BatchCount = dropLast ? dataset.Count / BatchSize : (dataset.Count + BatchSize - 1) / BatchSize;
    }

    /// <summary>Samples per batch.</summary>
    public int BatchSize { get; }

    /// <summary>Batches per epoch.</summary>
    public int BatchCount { get; }

    /// <summary>The batches of one epoch. Each is valid until the next one is asked for.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    /// <param name="firstBatch">The first batch to give, from 0: those before it are passed over without being read.</param>
    /// <exception cref="ArgumentOutOfRangeException">The first batch is negative.</exception>
    public IEnumerable<Batch> Epoch(int epoch = 0, int firstBatch = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstBatch);
        var order = _shuffle ? _rng.Split((ulong)epoch).Permutation(_dataset.Count) : [.. Enumerable.Range(0, _dataset.Count)];
        return _prefetch == 0 ? Read(epoch, order, firstBatch) : ReadAhead(epoch, order, firstBatch);
    }

    private IEnumerable<Batch> Read(int epoch, int[] order, int firstBatch)
    {
        var buffer = TakeBuffer();
        try
        {
            for (var i = firstBatch; i < BatchCount; i++)
                yield return Load(epoch, order, i, buffer);
        }
        finally
        {
            _buffers.Add(buffer);
        }
    }

    /// <summary>One thread fills the buffers in turn; each is filled again when its batch has been used.</summary>
    private IEnumerable<Batch> ReadAhead(int epoch, int[] order, int firstBatch)
    {
        var count = _prefetch + 1;
        Batch[] buffers = [.. Enumerable.Range(0, count).Select(_ => TakeBuffer())];
        var batches = new Batch[count];
        var ring = new ReadAhead(count);
        Exception? failure = null;
        var reader = new Thread(() =>
        {
            try
            {
                for (var i = firstBatch; i < BatchCount && ring.AwaitPlace(); i++)
                {
                    var place = (i - firstBatch) % count;
                    batches[place] = Load(epoch, order, i, buffers[place]);
                    ring.Filled();
                }
            }
            catch (Exception e)
            {
                failure = e;
            }
            finally
            {
                ring.End();
            }
        })
        { IsBackground = true, Name = "Glia data loader" };
        reader.Start();
        try
        {
            for (var i = 0; ring.AwaitFilled(); i++)
            {
                yield return batches[i % count];
                ring.GiveBack();
            }
            if (failure is not null)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
        finally
        {
            ring.Leave();
            reader.Join();
            foreach (var buffer in buffers)
                _buffers.Add(buffer);
        }
    }

    private long BatchBytes(Dataset dataset) => BatchSize * (Bytes(dataset.InputShape, dataset.InputDType) + Bytes(dataset.TargetShape, dataset.TargetDType));

    private static long Bytes(Shape shape, DType type) => (long)shape.Count * type.Size();

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
