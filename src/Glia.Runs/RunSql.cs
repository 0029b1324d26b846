using Microsoft.Data.Sqlite;

namespace Glia.Runs;

/// <summary>Queries of runs as SQL. What users write becomes parameters, never text of a statement.</summary>
internal sealed class RunSql(SqliteConnection connection)
{
    private static readonly string[] Columns = ["id", "name", "data", "family", "epochs", "steps", "parameters", "seed"];

    private readonly SqliteCommand _command = connection.CreateCommand();

    /// <summary>The runs that a query asks for, but for their state and number.</summary>
    /// <exception cref="FormatException">It names what no run has.</exception>
    public SqliteCommand Select(RunQuery query)
    {
        var conditions = new List<string>();
        if (query.Data is { } data)
            conditions.Add($"(r.data = {Parameter(data)} COLLATE NOCASE OR r.fingerprint = {Parameter(data)} COLLATE NOCASE)");
        conditions.AddRange(query.Conditions.Select(Condition));
        var (forward, backward) = query.IsReversed ? ("DESC", "ASC") : ("ASC", "DESC");
        var order = query.Sort is { } sort && ValueOf(sort) is var value ? $"{value} IS NULL, {value} {forward}, r.row DESC" : $"r.row {backward}";
        _command.CommandText = $"SELECT r.* FROM runs r{(conditions.Count == 0 ? "" : " WHERE " + string.Join(" AND ", conditions))} ORDER BY {order}";
        return _command;
    }

    private string Condition(RunCondition condition)
    {
        var value = ValueOf(condition.Name);
        if (condition.Operator == "~")
            return $"instr(lower({value}), lower({Parameter(condition.Value)})) > 0";
        var comparison = condition.Operator == "==" ? "=" : condition.Operator;
        if (condition.Number is not { } number)
            return $"{value} {comparison} {Parameter(condition.Value)} COLLATE NOCASE";
        // A name may be made of digits only.
        var asNumber = $"(typeof({value}) IN ('integer', 'real') AND {value} {comparison} {Parameter(number)})";
        return comparison is "=" or "!=" ? $"({asNumber} OR (typeof({value}) = 'text' AND {value} {comparison} {Parameter(condition.Value)} COLLATE NOCASE))" : asNumber;
    }

    /// <summary>The value of a name in a run, NULL where it has none. Results go before settings of the same name.</summary>
    private string ValueOf(string name)
    {
        if (Array.Find(Columns, c => Plain(c) == Plain(name)) is { } column)
            return $"r.{column}";
        RequireKnown(name);
        return $"""
            (SELECT a.value FROM attributes a WHERE a.run = r.row AND lower(replace(replace(a.name, '_', ''), '-', '')) = {Parameter(Plain(name))}
             ORDER BY CASE a.kind WHEN 'result' THEN 0 WHEN 'setting' THEN 1 WHEN 'tag' THEN 2 ELSE 3 END LIMIT 1)
            """;
    }

    /// <summary>A misspelt name would otherwise find nothing, or sort by nothing, without a word.</summary>
    private void RequireKnown(string name)
    {
        using var select = StoreConnection.Command(connection, "SELECT DISTINCT name FROM attributes ORDER BY name");
        using var reader = select.ExecuteReader();
        var known = new List<string>();
        while (reader.Read())
            known.Add(reader.GetString(0));
        if (known.Count > 0 && !known.Exists(k => Plain(k) == Plain(name)))
            throw new FormatException($"No run has a '{name}'; what runs have: {string.Join(", ", Columns.Concat(known))}.");
    }

    /// <summary>Names as options, settings and metrics write them are the same: learning-rate, learningRate, learning_rate.</summary>
    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    private string Parameter(object value)
    {
        var name = FormattableString.Invariant($"$p{_command.Parameters.Count}");
        _command.Parameters.AddWithValue(name, value);
        return name;
    }
}
