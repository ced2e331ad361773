using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace NativeDL.Generators;

/// <summary>What is generated for one class of a family. Only texts, so that an unchanged class is recognized as such.</summary>
internal sealed record ConfiguredType(string Family, string FamilyNamespace, string FamilyName, string Type, string Entry, string Offer, Fault? Fault);

/// <summary>Why a class cannot take part, and where that stands.</summary>
internal sealed record Fault(string Id, string Message, string File, int Start, int Length, int Line, int Column, int EndColumn)
{
    /// <summary>As an error of the compiler.</summary>
    public Diagnostic Diagnostic()
    {
        var descriptor = new DiagnosticDescriptor(Id, "A configuration that cannot be kept", "{0}", "NativeDL", DiagnosticSeverity.Error,
            isEnabledByDefault: true);
        var place = Location.Create(File, new TextSpan(Start, Length), new LinePositionSpan(new(Line, Column), new(Line, EndColumn)));
        return Microsoft.CodeAnalysis.Diagnostic.Create(descriptor, place, Message);
    }
}

/// <summary>One setting: a constructor's parameter, or a property marked as a setting.</summary>
internal sealed record Setting(string Name, string Property, SettingKind Kind, bool Nullable, string? Default, string? Former);

/// <summary>How a type is written and read.</summary>
/// <param name="Set">The method that writes.</param>
/// <param name="Get">The method that reads, with its type argument.</param>
/// <param name="Cast">What the read value is cast to, or nothing.</param>
/// <param name="IsReference">Whether reading gives null for null by itself.</param>
internal sealed record SettingKind(string Set, string Get, string Cast = "", bool IsReference = false)
{
    /// <summary>Whether a property of one kind can be read back by a parameter of the other.</summary>
    public bool Fits(SettingKind other) => Set == other.Set && (Get == other.Get || Set == "Set" && IsNumber && other.IsNumber);

    private bool IsNumber => Get is "Int" or "Long" or "Number";
}
