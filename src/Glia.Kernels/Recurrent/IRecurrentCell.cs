using System.Numerics;

namespace Glia.Kernels;

/// <summary>What a cell does at one time step beside the product with the weights.</summary>
internal interface IRecurrentCell<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether, forward, the product may come with the input's share already added; otherwise that lies where the gates go.</summary>
    static virtual bool TakesSum => false;

    /// <summary>
    /// Forward: from the product with the state before, the state after. Backward: from the gradient of the state after, the gradient of the product.
    /// </summary>
    void Row<TLanes>(in CellRow<T> at)
        where TLanes : struct, ILanes<TLanes, T>;
}

/// <summary>One sequence of a batch at one time, and some units of its state.</summary>
internal unsafe struct CellRow<T>
    where T : unmanaged
{
    public int Row;
    public int Time;

    /// <summary>The first unit.</summary>
    public int Unit;

    /// <summary>How many units.</summary>
    public int Units;

    /// <summary>Whether the product holds the share of the input, so that it is not to be read elsewhere.</summary>
    public bool HasShare;

    /// <summary>(gates·hidden,): the product, or its gradient.</summary>
    public T* Product;

    /// <summary>(hidden,): the state before, or its gradient.</summary>
    public T* From;

    /// <summary>(hidden,): the state after; may be <see cref="From"/>.</summary>
    public T* To;
}

/// <summary>The arithmetic of a cell on some units of a row, as full registers or as the few elements left at the end.</summary>
internal interface ICellPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    void Apply<TLanes, TAccess>(nuint i, TAccess at)
        where TLanes : struct, ILanes<TLanes, T>
        where TAccess : struct, IAccess;
}
