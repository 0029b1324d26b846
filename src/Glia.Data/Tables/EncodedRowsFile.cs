using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;

namespace Glia.Data;

/// <summary>
/// Encoded rows in a temporary file, for tables larger than memory: written once, one after the other, then read in any order, so that shuffling is as
/// good as in memory. The file is deleted when this is disposed, or when the process ends.
/// </summary>
public sealed class EncodedRowsFile : Dataset, IDisposable
{
    private readonly FileStream _file;
    private readonly int _features;
    private readonly bool _isClassification;
    private int _count;
    private MemoryMappedFile? _map;
    private MemoryMappedViewAccessor? _view;

    /// <summary>An empty file in the system's folder for temporary files.</summary>
    /// <param name="features">Numbers per row.</param>
    /// <param name="task">Whether targets are class indices or numbers.</param>
    public EncodedRowsFile(int features, TaskKind task)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(features);
        _features = features;
        _isClassification = task == TaskKind.Classification;
        var path = Path.Combine(Path.GetTempPath(), $"glia-{Guid.NewGuid():N}.rows");
        _file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        // Where the system allows it the name goes at once, so that nothing is left even of a program that is killed.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
    }

    /// <inheritdoc/>
    public override int Count => _count;

    /// <inheritdoc/>
    public override Shape InputShape => _features;

    /// <inheritdoc/>
    public override Shape TargetShape => _isClassification ? Shape.Scalar : 1;

    /// <inheritdoc/>
    public override DType TargetDType => _isClassification ? DType.Int64 : DType.Float32;

    /// <inheritdoc/>
    public override bool IsSlow => true;

    /// <summary>Appends rows.</summary>
    /// <param name="features">rows × features.</param>
    /// <param name="targets">A class index or a number per row.</param>
    /// <exception cref="ArgumentException">The lengths do not fit.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Append(ReadOnlySpan<float> features, ReadOnlySpan<float> targets)
    {
        if (features.Length != (long)targets.Length * _features)
            throw new ArgumentException($"{targets.Length} targets need {(long)targets.Length * _features} features but got {features.Length}.");
        Unmap();
        for (var row = 0; row < targets.Length; row++)
        {
            _file.Write(MemoryMarshal.AsBytes(features.Slice(row * _features, _features)));
            _file.Write(MemoryMarshal.AsBytes(targets.Slice(row, 1)));
        }
        _count = checked(_count + targets.Length);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public override unsafe void Fill(ReadOnlySpan<int> samples, Tensor input, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        if (samples.IsEmpty)
            return;
        var inputs = input.AsWritableSpan<float>();
        var classes = _isClassification ? target.AsWritableSpan<long>() : default;
        var numbers = _isClassification ? default : target.AsWritableSpan<float>();
        var view = Map().SafeMemoryMappedViewHandle;
        byte* start = null;
        try
        {
            // Once for all rows: what guards each access of the view also makes the processor wait for one row before it asks memory for the next.
            view.AcquirePointer(ref start);
            for (var i = 0; i < samples.Length; i++)
            {
                if ((uint)samples[i] >= (uint)_count)
                    throw new ArgumentOutOfRangeException(nameof(samples), samples[i], $"The file has {_count} rows; give numbers of rows from 0 to {_count - 1}.");
                var row = new ReadOnlySpan<float>(start + ((nint)samples[i] * (_features + 1) * sizeof(float)), _features + 1);
                row[.._features].CopyTo(inputs.Slice(i * _features, _features));
                if (_isClassification)
                    classes[i] = (long)row[_features];
                else
                    numbers[i] = row[_features];
            }
        }
        finally
        {
            if (start != null)
                view.ReleasePointer();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Unmap();
        _file.Dispose();
    }

    // The system's cache of the file is read in place: a call of the system for each row would cost more than the row.
    private MemoryMappedViewAccessor Map()
    {
        lock (_file)
        {
            if (_view is not null)
                return _view;
            _file.Flush();
            _map = MemoryMappedFile.CreateFromFile(_file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            return _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        }
    }

    private void Unmap()
    {
        lock (_file)
        {
            _view?.Dispose();
            _map?.Dispose();
            (_view, _map) = (null, null);
        }
    }
}
