using Glia.Diagnostics;

namespace Glia.DoctorStudy;

/// <summary>A training whose health is known.</summary>
/// <param name="Name">Fault, data, family and seed.</param>
/// <param name="Plan">The training.</param>
/// <param name="Fault">What was planted; null in a healthy one.</param>
/// <param name="Expected">The findings of which any tells the fault, the plainest first; none in a healthy one.</param>
internal sealed record Case(string Name, Plan Plan, string? Fault, IReadOnlyList<Symptom> Expected);
