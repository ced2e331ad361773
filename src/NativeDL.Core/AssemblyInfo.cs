using System.Runtime.CompilerServices;

// Kernels overwrite every local they declare; zeroing their stack blocks first would be a needless pass.
[module: SkipLocalsInit]
