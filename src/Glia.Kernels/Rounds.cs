using System.Runtime.CompilerServices;

namespace Glia.Kernels;

/// <summary>Work in rounds, each of which needs the results of the one before from all its pieces.</summary>
internal interface IRoundJob
{
    /// <summary>Does a piece of a round.</summary>
    void Run(int round, int piece);
}

/// <summary>
/// Rounds of work shared by the threads of <see cref="WorkerPool"/> in one call, at a fraction of a call's cost for each. A thread takes the same piece in
/// every round, so that it stays in that core's cache, and those of threads that have not come.
/// </summary>
internal static unsafe class Rounds
{
    // Marks that different threads write lie this far apart.
    private const int Spacing = 128 / sizeof(int);
    private const int SpinsBeforeYield = 2000;

    public static void Run<TJob>(int rounds, int pieces, ref TJob job)
        where TJob : struct, IRoundJob
    {
        var marks = Scratch.Get<int>(Scratch.Slot.Rounds, 2L * pieces * Spacing);
        new Span<int>(marks, 2 * pieces * Spacing).Clear();
        var team = new Team<TJob> { Job = job, Rounds = rounds, Pieces = pieces, Marks = marks };
        WorkerPool.For(pieces, ref team);
    }

    private struct Team<TJob> : IParallelJob
        where TJob : struct, IRoundJob
    {
        public TJob Job;
        public int Rounds;
        public int Pieces;
        public int* Marks;

        /// <summary>Goes through all rounds; <paramref name="index"/> is the piece to take first. Calls one after the other find no work left.</summary>
        public void Run(int index)
        {
            for (var round = 0; round < Rounds; round++)
            {
                for (var i = 0; i < Pieces; i++)
                    Try(round, (index + i) % Pieces);
                for (var piece = 0; piece < Pieces; piece++)
                    AwaitPiece(round, piece);
            }
        }

        // How many rounds of a piece have been taken, and how many are done.
        private readonly ref int Taken(int piece) => ref Unsafe.AsRef<int>(Marks + (2 * piece * Spacing));

        private readonly ref int Done(int piece) => ref Unsafe.AsRef<int>(Marks + (((2 * piece) + 1) * Spacing));

        private void Try(int round, int piece)
        {
            if (Volatile.Read(ref Taken(piece)) != round || Interlocked.CompareExchange(ref Taken(piece), round + 1, round) != round)
                return;
            try
            {
                Job.Run(round, piece);
            }
            finally
            {
                Volatile.Write(ref Done(piece), round + 1);
            }
        }

        private readonly void AwaitPiece(int round, int piece)
        {
            for (var spins = 0; Volatile.Read(ref Done(piece)) <= round; spins++)
            {
                if (spins < SpinsBeforeYield)
                    Thread.SpinWait(1);
                else
                    Thread.Yield();
            }
        }
    }
}
