namespace Glia.Interchange;

/// <summary>Whose names and layouts a file of weights has.</summary>
public enum WeightNames
{
    /// <summary>
    /// PyTorch's, which are Glia's for most layers. <c>weight_ih_l0</c> and its like become <c>weight_ih</c>, those of a bidirectional layer <c>forward.weight_ih</c> and
    /// <c>backward.weight_ih</c>, those of layer k of a stack <c>lk.weight_ih</c>; the two biases of a recurrent layer become Glia's one (and <c>bias_hh_n</c> of a GRU);
    /// <c>num_batches_tracked</c> is left out, and so is <c>module.</c> or <c>_orig_mod.</c> before every name. Names that are the model's own already stay as they are, so that this is the default.
    /// </summary>
    PyTorch,

    /// <summary>As they are in the file.</summary>
    AsWritten,
}
