using System.Numerics;

namespace Glia.Kernels;

/// <summary>A cell's run over all steps with one vector width.</summary>
internal unsafe struct SequenceRun<TCell, S, V, TLanes, T>
    where TCell : struct, IRecurrentCell<T>
    where S : struct, ISimd<V, T>
    where V : unmanaged
    where TLanes : struct, ILanes<TLanes, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Fewer rows than this are not worth a thread of their own.
    private const int LeastRows = 4;

    // The products and states of a piece of the rows are to stay in the second-level cache beside the weights.
    private const int PieceBytes = 1 << 18;
    private const int UsualRows = 24;

    // Fewer rows over all steps than this do not repay the copy of the weights.
    private const int LeastPackedRows = 8;

    // Multiplications that are worth sharing.
    private const long LargeSequence = 1 << 17;
    private const long LargeStep = 1 << 18;

    private TCell _cell;
    private RecurrentSizes _sizes;
    private RecurrentInput<T> _input;
    private WeightPanels<S, V, T> _inputPanels;
    private WeightPanels<S, V, T> _panels;
    private T* _weight;
    private T* _state;
    private int _wide;

    // Between the rows of products.
    private int _productStride;
    private bool _isBackward;
    private bool _isPacked;

    public static void Run(in RecurrentSizes s, int gates, in RecurrentInput<T> input, T* weight, T* state, in TCell cell, bool isBackward)
    {
        var volume = (long)gates * s.Hidden * s.Hidden * s.Batch;
        var byUnits = s.Batch < 2 * LeastRows && (long)s.Batch * s.Steps >= LeastPackedRows && volume >= LargeStep && WorkerPool.Threads > 1;
        var run = new SequenceRun<TCell, S, V, TLanes, T>
        {
            _cell = cell,
            _sizes = s,
            _input = input,
            _weight = weight,
            _state = state,
            _wide = gates * s.Hidden,
            _productStride = ProductStride(gates * s.Hidden),
            _isBackward = isBackward,
            _isPacked = (long)s.Batch * s.Steps >= LeastPackedRows,
        };
        if (!isBackward)
            run.PrepareInput();
        if (run._isPacked)
            run.PackWeights(byUnits ? gates : 1);
        if (byUnits)
        {
            run.ByUnits();
            return;
        }
        var job = new RowJob { Run = run, Rows = RowsPerPiece(s, run._wide) };
        WorkerPool.For((s.Batch + job.Rows - 1) / job.Rows, volume * s.Steps >= LargeSequence, ref job);
    }

    // Rows a power of two apart would all take the same few places of the first-level cache.
    private static int ProductStride(int wide) => wide * sizeof(T) % 1024 == 0 ? wide + (64 / sizeof(T)) : wide;

    // Forward the panels hold Wᵀ, backward W.
    private void PackWeights(int blocks)
    {
        const Scratch.Slot Slot = Scratch.Slot.RecurrentWeights;
        _panels = _isBackward
            ? WeightPanels<S, V, T>.Pack(Slot, _weight, _sizes.Hidden, 1, _wide, 1, _sizes.Hidden)
            : WeightPanels<S, V, T>.Pack(Slot, _weight, 1, _sizes.Hidden, _sizes.Hidden, blocks, _wide / blocks);
    }

    // With many rows each step computes its own share, which is then in the cache when the cell needs it; with few, one product of all steps is faster.
    private void PrepareInput()
    {
        if (_sizes.Batch >= 2 * LeastRows)
        {
            _inputPanels = WeightPanels<S, V, T>.Pack(Scratch.Slot.InputWeights, _input.Weight, 1, _input.Features, _input.Features, 1, _wide);
            return;
        }
        Gemm.Multiply(new GemmProblem<T>
        {
            M = _sizes.Batch * _sizes.Steps,
            N = _wide,
            K = _input.Features,
            A = _input.X,
            B = _input.Weight,
            C = _input.Share,
            ARow = _input.Features,
            AColumn = 1,
            BRow = 1,
            BColumn = _input.Features,
            CRow = _wide,
        });
    }

    private static int RowsPerPiece(in RecurrentSizes s, int wide)
    {
        var most = Math.Max(UsualRows, PieceBytes / ((wide + s.Hidden) * sizeof(T)));
        var pieces = Math.Max(Math.Min(WorkerPool.Threads, s.Batch / LeastRows), 1);
        var rows = (s.Batch + pieces - 1) / pieces;
        rows += rows > LeastRows ? rows & 1 : 0;
        // Pieces beyond the threads come in equal numbers for each.
        return rows <= most ? rows : (rows + ((rows + most - 1) / most) - 1) / ((rows + most - 1) / most);
    }

    private readonly void ByUnits()
    {
        var (states, products) = ((long)_sizes.Batch * _sizes.Hidden, (long)_sizes.Batch * _productStride);
        var room = Scratch.Get<T>(Scratch.Slot.Recurrent, (2 * products) + states);
        var pieces = Math.Min(WorkerPool.Threads, _panels.Panels);
        var job = new UnitJob { Run = this, Panels = (_panels.Panels + pieces - 1) / pieces, Products = room, OtherState = _isBackward ? _state : room + (2 * products) };
        // Backward, the product of one step and the cell of the next share a round, and the product of the last has one more.
        Rounds.Run(_sizes.Steps + (_isBackward ? 1 : 0), (_panels.Panels + job.Panels - 1) / job.Panels, ref job);
        if (!_isBackward && (_sizes.Steps & 1) != 0)
            new Span<T>(job.OtherState, (int)states).CopyTo(new(_state, (int)states));
    }

    /// <summary>Some rows through all steps.</summary>
    private readonly void Rows(int first, int count)
    {
        var product = Scratch.Get<T>(Scratch.Slot.Recurrent, (long)count * _productStride);
        var state = _state + ((long)first * _sizes.Hidden);
        for (var turn = 0; turn < _sizes.Steps; turn++)
        {
            if (_inputPanels.Panels > 0)
                Share(first, count, _sizes.TimeOf(turn), product);
            if (!_isBackward)
                Multiply(count, state, product, turn);
            Cells(first, count, turn, 0, _sizes.Hidden, product, state, state);
            if (_isBackward)
                Multiply(count, state, product, turn);
        }
    }

    // product = state·Wᵀ forward, added to the share where that is there; state += product·W backward.
    private readonly void Multiply(int rows, T* state, T* product, int turn)
    {
        var a = _isBackward ? product : state;
        var c = _isBackward ? state : product;
        var (lda, ldc) = _isBackward ? (_productStride, _sizes.Hidden) : (_sizes.Hidden, _productStride);
        var (k, n) = _isBackward ? (_wide, _sizes.Hidden) : (_sizes.Hidden, _wide);
        if (_isPacked)
        {
            _panels.Multiply(rows, a, lda, 0, _panels.Panels, c, ldc, accumulate: _isBackward || HasShare, descending: (turn & 1) != 0);
            return;
        }
        Gemm.Multiply(new GemmProblem<T>
        {
            M = rows,
            N = n,
            K = k,
            A = a,
            B = _weight,
            C = c,
            ARow = lda,
            AColumn = 1,
            BRow = _isBackward ? _sizes.Hidden : 1,
            BColumn = _isBackward ? 1 : _sizes.Hidden,
            CRow = ldc,
            Accumulate = _isBackward || HasShare,
        });
    }

    // Whether the products hold the share of the input.
    private readonly bool HasShare => TCell.TakesSum && _inputPanels.Panels > 0;

    private readonly void Share(int first, int count, int time, T* product)
    {
        var at = ((nint)first * _sizes.Steps) + time;
        _inputPanels.Multiply(
            count, _input.X + (at * _input.Features), (nint)_sizes.Steps * _input.Features, 0, _inputPanels.Panels,
            HasShare ? product : _input.Share + (at * _wide), HasShare ? _productStride : (nint)_sizes.Steps * _wide, accumulate: false, descending: false);
    }

    private readonly void Cells(int first, int count, int turn, int unit, int units, T* product, T* from, T* to)
    {
        var at = new CellRow<T> { Time = _sizes.TimeOf(_isBackward ? _sizes.Steps - 1 - turn : turn), Unit = unit, Units = units, HasShare = HasShare };
        for (var row = 0; row < count; row++)
        {
            at.Row = first + row;
            at.Product = product + ((long)row * _productStride);
            at.From = from + ((long)row * _sizes.Hidden);
            at.To = to + ((long)row * _sizes.Hidden);
            _cell.Row<TLanes>(at);
        }
    }

    private struct RowJob : IParallelJob
    {
        public SequenceRun<TCell, S, V, TLanes, T> Run;
        public int Rows;

        readonly void IParallelJob.Run(int index) => Run.Rows(index * Rows, Math.Min(Rows, Run._sizes.Batch - (index * Rows)));
    }

    /// <summary>All rows at one step, some panels of the units in each piece.</summary>
    private struct UnitJob : IRoundJob
    {
        public SequenceRun<TCell, S, V, TLanes, T> Run;
        public int Panels;

        /// <summary>Room for two products: one is written while the other is read.</summary>
        public T* Products;

        /// <summary>Takes turns with the state, forward.</summary>
        public T* OtherState;

        readonly void IRoundJob.Run(int round, int piece)
        {
            ref readonly var panels = ref Run._panels;
            var (hidden, batch, wide, isOdd) = (Run._sizes.Hidden, Run._sizes.Batch, Run._productStride, (round & 1) != 0);
            var (first, end) = (piece * Panels, Math.Min((piece + 1) * Panels, panels.Panels));
            var other = Products + ((long)batch * wide);
            var product = isOdd ? other : Products;
            var before = isOdd ? Products : other;
            var from = isOdd ? OtherState : Run._state;
            var to = isOdd ? Run._state : OtherState;
            if (!Run._isBackward)
                panels.Multiply(batch, from, hidden, first, end, product, wide, accumulate: false, descending: isOdd);
            else if (round > 0)
                panels.Multiply(batch, before, wide, first, end, from, hidden, accumulate: true, descending: isOdd);
            var unit = first * WeightPanels<S, V, T>.Width;
            if (round < Run._sizes.Steps)
                Run.Cells(0, batch, round, unit, Math.Min(end * WeightPanels<S, V, T>.Width, hidden) - unit, product, from, to);
        }
    }
}
