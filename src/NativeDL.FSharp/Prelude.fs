namespace NativeDL.FSharp
