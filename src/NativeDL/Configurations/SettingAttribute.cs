namespace NativeDL;

/// <summary>Marks a property that is set after construction and belongs to the configuration: <c>new SGD(0.1) { ClipNorm = 1 }</c>.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute : Attribute;

/// <summary>Marks a constructor parameter that had another name; files that were written then are still read.</summary>
/// <param name="name">The name it had.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class FormerlyAttribute(string name) : Attribute
{
    /// <summary>The name it had.</summary>
    public string Name => name;
}
