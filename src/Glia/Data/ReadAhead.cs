namespace Glia.Data;

/// <summary>
/// Places of a ring that one thread fills and another empties, both in order. The thread that fills sleeps when the ring is full and goes on when half of it is
/// free: to be woken for each place costs more than to fill it, where that is a matter of microseconds.
/// </summary>
/// <param name="places">How many places there are, the one in use included.</param>
internal sealed class ReadAhead(int places)
{
    private readonly object _gate = new();
    private int _filled;
    private bool _ended;
    private bool _left;

    /// <summary>Waits for a place; false when nobody wants more.</summary>
    public bool AwaitPlace()
    {
        lock (_gate)
        {
            if (_filled == places)
            {
                while (!_left && _filled > places / 2)
                    Monitor.Wait(_gate);
            }
            return !_left;
        }
    }

    /// <summary>The next place has been filled.</summary>
    public void Filled()
    {
        lock (_gate)
        {
            _filled++;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Nothing more will be filled.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits until the next place is filled; false at the end. The one before must have been given back.</summary>
    public bool AwaitFilled()
    {
        lock (_gate)
        {
            while (_filled == 0 && !_ended)
                Monitor.Wait(_gate);
            return _filled > 0;
        }
    }

    /// <summary>Gives the oldest filled place back.</summary>
    public void GiveBack()
    {
        lock (_gate)
        {
            if (--_filled <= places / 2)
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>No more is wanted.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _left = true;
            Monitor.Pulse(_gate);
        }
    }
}
