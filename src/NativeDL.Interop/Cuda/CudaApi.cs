namespace NativeDL.Interop.Cuda;

/// <summary>
/// The functions of the CUDA driver that NativeDL uses, as pointers. They are looked up one by one rather than imported,
/// so that a driver which lacks one is refused with that function's name before anything runs, and so that
/// no library needs to be present for this assembly to load.
/// </summary>
/// <remarks>Names are the driver's without <c>cu</c> and version suffix. All exist since CUDA 11.4 or earlier.</remarks>
internal sealed unsafe class CudaApi
{
    // device and version
    /// <summary>(uint flags)</summary>
    internal readonly delegate* unmanaged<uint, CudaResult> Init;
    /// <summary>(int* version)</summary>
    internal readonly delegate* unmanaged<int*, CudaResult> DriverGetVersion;
    /// <summary>(CudaResult code, byte** text)</summary>
    internal readonly delegate* unmanaged<CudaResult, byte**, CudaResult> GetErrorName;
    /// <summary>(CudaResult code, byte** text)</summary>
    internal readonly delegate* unmanaged<CudaResult, byte**, CudaResult> GetErrorString;
    /// <summary>(int* count)</summary>
    internal readonly delegate* unmanaged<int*, CudaResult> DeviceGetCount;
    /// <summary>(int* device, int ordinal)</summary>
    internal readonly delegate* unmanaged<int*, int, CudaResult> DeviceGet;
    /// <summary>(byte* name, int length, int device)</summary>
    internal readonly delegate* unmanaged<byte*, int, int, CudaResult> DeviceGetName;
    /// <summary>(int* value, int attribute, int device)</summary>
    internal readonly delegate* unmanaged<int*, int, int, CudaResult> DeviceGetAttribute;
    /// <summary>(nuint* bytes, int device)</summary>
    internal readonly delegate* unmanaged<nuint*, int, CudaResult> DeviceTotalMem;
    /// <summary>(byte* uuid, int device)</summary>
    internal readonly delegate* unmanaged<byte*, int, CudaResult> DeviceGetUuid;
    /// <summary>(int* can, int device, int peer)</summary>
    internal readonly delegate* unmanaged<int*, int, int, CudaResult> DeviceCanAccessPeer;

    // contexts
    /// <summary>(nint* context, int device)</summary>
    internal readonly delegate* unmanaged<nint*, int, CudaResult> DevicePrimaryCtxRetain;
    /// <summary>(int device)</summary>
    internal readonly delegate* unmanaged<int, CudaResult> DevicePrimaryCtxRelease;
    /// <summary>(int device)</summary>
    internal readonly delegate* unmanaged<int, CudaResult> DevicePrimaryCtxReset;
    /// <summary>(int device, uint* flags, int* active)</summary>
    internal readonly delegate* unmanaged<int, uint*, int*, CudaResult> DevicePrimaryCtxGetState;
    /// <summary>(nint* context, uint flags, int device)</summary>
    internal readonly delegate* unmanaged<nint*, uint, int, CudaResult> CtxCreate;
    /// <summary>(nint context)</summary>
    internal readonly delegate* unmanaged<nint, CudaResult> CtxDestroy;
    /// <summary>(nint context)</summary>
    internal readonly delegate* unmanaged<nint, CudaResult> CtxSetCurrent;
    /// <summary>(nint* context)</summary>
    internal readonly delegate* unmanaged<nint*, CudaResult> CtxGetCurrent;
    /// <summary>(int* device)</summary>
    internal readonly delegate* unmanaged<int*, CudaResult> CtxGetDevice;
    internal readonly delegate* unmanaged<CudaResult> CtxSynchronize;

    // modules and kernels
    /// <summary>(nint* module, void* image, uint count, int* options, void** values)</summary>
    internal readonly delegate* unmanaged<nint*, void*, uint, int*, void**, CudaResult> ModuleLoadDataEx;
    /// <summary>(nint module)</summary>
    internal readonly delegate* unmanaged<nint, CudaResult> ModuleUnload;
    /// <summary>(nint* function, nint module, byte* name)</summary>
    internal readonly delegate* unmanaged<nint*, nint, byte*, CudaResult> ModuleGetFunction;
    /// <summary>(nint* address, nuint* bytes, nint module, byte* name)</summary>
    internal readonly delegate* unmanaged<nint*, nuint*, nint, byte*, CudaResult> ModuleGetGlobal;
    /// <summary>(int* value, int attribute, nint function)</summary>
    internal readonly delegate* unmanaged<int*, int, nint, CudaResult> FuncGetAttribute;
    /// <summary>(nint function, int attribute, int value)</summary>
    internal readonly delegate* unmanaged<nint, int, int, CudaResult> FuncSetAttribute;
    /// <summary>(int* blocks, nint function, int threads, nuint sharedBytes)</summary>
    internal readonly delegate* unmanaged<int*, nint, int, nuint, CudaResult> OccupancyMaxActiveBlocksPerMultiprocessor;
    /// <summary>
    /// (nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ, uint sharedBytes, nint stream, void** arguments, void**
    /// extra)
    /// </summary>
    internal readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, CudaResult> LaunchKernel;

    // memory
    /// <summary>(nint* address, nuint bytes)</summary>
    internal readonly delegate* unmanaged<nint*, nuint, CudaResult> MemAlloc;
    /// <summary>(nint address)</summary>
    internal readonly delegate* unmanaged<nint, CudaResult> MemFree;
    /// <summary>(nint* address, nuint bytes, nint stream)</summary>
    internal readonly delegate* unmanaged<nint*, nuint, nint, CudaResult> MemAllocAsync;
    /// <summary>(nint address, nint stream)</summary>
    internal readonly delegate* unmanaged<nint, nint, CudaResult> MemFreeAsync;
    /// <summary>(void** address, nuint bytes, uint flags)</summary>
    internal readonly delegate* unmanaged<void**, nuint, uint, CudaResult> MemHostAlloc;
    /// <summary>(void* address)</summary>
    internal readonly delegate* unmanaged<void*, CudaResult> MemFreeHost;
    /// <summary>(nuint* available, nuint* total)</summary>
    internal readonly delegate* unmanaged<nuint*, nuint*, CudaResult> MemGetInfo;
    /// <summary>(void* value, int attribute, nint address)</summary>
    internal readonly delegate* unmanaged<void*, int, nint, CudaResult> PointerGetAttribute;
    /// <summary>(nint to, void* from, nuint bytes)</summary>
    internal readonly delegate* unmanaged<nint, void*, nuint, CudaResult> MemcpyHtoD;
    /// <summary>(void* to, nint from, nuint bytes)</summary>
    internal readonly delegate* unmanaged<void*, nint, nuint, CudaResult> MemcpyDtoH;
    /// <summary>(nint to, nint from, nuint bytes)</summary>
    internal readonly delegate* unmanaged<nint, nint, nuint, CudaResult> MemcpyDtoD;
    /// <summary>(nint to, void* from, nuint bytes, nint stream)</summary>
    internal readonly delegate* unmanaged<nint, void*, nuint, nint, CudaResult> MemcpyHtoDAsync;
    /// <summary>(void* to, nint from, nuint bytes, nint stream)</summary>
    internal readonly delegate* unmanaged<void*, nint, nuint, nint, CudaResult> MemcpyDtoHAsync;
    /// <summary>(nint to, nint from, nuint bytes, nint stream)</summary>
    internal readonly delegate* unmanaged<nint, nint, nuint, nint, CudaResult> MemcpyDtoDAsync;
    /// <summary>(nint to, nint toContext, nint from, nint fromContext, nuint bytes, nint stream)</summary>
    internal readonly delegate* unmanaged<nint, nint, nint, nint, nuint, nint, CudaResult> MemcpyPeerAsync;
    /// <summary>(nint to, byte value, nuint count)</summary>
    internal readonly delegate* unmanaged<nint, byte, nuint, CudaResult> MemsetD8;
    /// <summary>(nint to, ushort value, nuint count)</summary>
    internal readonly delegate* unmanaged<nint, ushort, nuint, CudaResult> MemsetD16;
    /// <summary>(nint to, uint value, nuint count)</summary>
    internal readonly delegate* unmanaged<nint, uint, nuint, CudaResult> MemsetD32;
    /// <summary>(nint to, byte value, nuint count, nint stream)</summary>
    internal readonly delegate* unmanaged<nint, byte, nuint, nint, CudaResult> MemsetD8Async;
    /// <summary>(nint to, ushort value, nuint count, nint stream)</summary>
    internal readonly delegate* unmanaged<nint, ushort, nuint, nint, CudaResult> MemsetD16Async;
    /// <summary>(nint to, uint value, nuint count, nint stream)</summary>
    internal readonly delegate* unmanaged<nint, uint, nuint, nint, CudaResult> MemsetD32Async;

    // streams, events, graphs
    /// <summary>(nint* stream, uint flags)</summary>
    internal readonly delegate* unmanaged<nint*, uint, CudaResult> StreamCreate;
    /// <summary>(nint stream)</summary>
    internal readonly delegate* unmanaged<nint, CudaResult> StreamDestroy;
    /// <summary>(nint stream)</summary>
    internal readonly delegate* unmanaged<nint, CudaResult> StreamSynchronize;
    /// <summary>(nint stream)</summary>
    internal readonly delegate* unmanaged<nint, CudaResult> StreamQuery;
    /// <summary>(nint stream, nint e, uint flags)</summary>
    internal readonly delegate* unmanaged<nint, nint, uint, CudaResult> StreamWaitEvent;
    /// <summary>(nint stream, int mode)</summary>
    internal readonly delegate* unmanaged<nint, int, CudaResult> StreamBeginCapture;
    /// <summary>(nint stream, nint* graph)</summary>
    internal readonly delegate* unmanaged<nint, nint*, CudaResult> StreamEndCapture;
    /// <summary>(nint stream, int* status)</summary>
    internal readonly delegate* unmanaged<nint, int*, CudaResult> StreamIsCapturing;
    /// <summary>(nint* e, uint flags)</summary>
    internal readonly delegate* unmanaged<nint*, uint, CudaResult> EventCreate;
    /// <summary>(nint e)</summary>
    internal readonly delegate* unmanaged<nint, CudaResult> EventDestroy;
    /// <summary>(nint e, nint stream)</summary>
    internal readonly delegate* unmanaged<nint, nint, CudaResult> EventRecord;
    /// <summary>(nint e)</summary>
    internal readonly delegate* unmanaged<nint, CudaResult> EventSynchronize;
    /// <summary>(nint e)</summary>
    internal readonly delegate* unmanaged<nint, CudaResult> EventQuery;
    /// <summary>(float* milliseconds, nint start, nint end)</summary>
    internal readonly delegate* unmanaged<float*, nint, nint, CudaResult> EventElapsedTime;
    /// <summary>(nint* exec, nint graph, ulong flags)</summary>
    internal readonly delegate* unmanaged<nint*, nint, ulong, CudaResult> GraphInstantiateWithFlags;
    /// <summary>(nint graph, nint* nodes, nuint* count)</summary>
    internal readonly delegate* unmanaged<nint, nint*, nuint*, CudaResult> GraphGetNodes;
    /// <summary>(nint exec, nint stream)</summary>
    internal readonly delegate* unmanaged<nint, nint, CudaResult> GraphLaunch;
    /// <summary>(nint exec)</summary>
    internal readonly delegate* unmanaged<nint, CudaResult> GraphExecDestroy;
    /// <summary>(nint graph)</summary>
    internal readonly delegate* unmanaged<nint, CudaResult> GraphDestroy;

    /// <param name="find">Gives the address of an exported function, or throws if there is none.</param>
    internal CudaApi(Func<string, nint> find)
    {
        Init = (delegate* unmanaged<uint, CudaResult>)find("cuInit");
        DriverGetVersion = (delegate* unmanaged<int*, CudaResult>)find("cuDriverGetVersion");
        GetErrorName = (delegate* unmanaged<CudaResult, byte**, CudaResult>)find("cuGetErrorName");
        GetErrorString = (delegate* unmanaged<CudaResult, byte**, CudaResult>)find("cuGetErrorString");
        DeviceGetCount = (delegate* unmanaged<int*, CudaResult>)find("cuDeviceGetCount");
        DeviceGet = (delegate* unmanaged<int*, int, CudaResult>)find("cuDeviceGet");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, CudaResult>)find("cuDeviceGetName");
        DeviceGetAttribute = (delegate* unmanaged<int*, int, int, CudaResult>)find("cuDeviceGetAttribute");
        DeviceTotalMem = (delegate* unmanaged<nuint*, int, CudaResult>)find("cuDeviceTotalMem_v2");
        DeviceGetUuid = (delegate* unmanaged<byte*, int, CudaResult>)find("cuDeviceGetUuid_v2");
        DeviceCanAccessPeer = (delegate* unmanaged<int*, int, int, CudaResult>)find("cuDeviceCanAccessPeer");
        DevicePrimaryCtxRetain = (delegate* unmanaged<nint*, int, CudaResult>)find("cuDevicePrimaryCtxRetain");
        DevicePrimaryCtxRelease = (delegate* unmanaged<int, CudaResult>)find("cuDevicePrimaryCtxRelease_v2");
        DevicePrimaryCtxReset = (delegate* unmanaged<int, CudaResult>)find("cuDevicePrimaryCtxReset_v2");
        DevicePrimaryCtxGetState = (delegate* unmanaged<int, uint*, int*, CudaResult>)find("cuDevicePrimaryCtxGetState");
        CtxCreate = (delegate* unmanaged<nint*, uint, int, CudaResult>)find("cuCtxCreate_v2");
        CtxDestroy = (delegate* unmanaged<nint, CudaResult>)find("cuCtxDestroy_v2");
        CtxSetCurrent = (delegate* unmanaged<nint, CudaResult>)find("cuCtxSetCurrent");
        CtxGetCurrent = (delegate* unmanaged<nint*, CudaResult>)find("cuCtxGetCurrent");
        CtxGetDevice = (delegate* unmanaged<int*, CudaResult>)find("cuCtxGetDevice");
        CtxSynchronize = (delegate* unmanaged<CudaResult>)find("cuCtxSynchronize");
        ModuleLoadDataEx = (delegate* unmanaged<nint*, void*, uint, int*, void**, CudaResult>)find("cuModuleLoadDataEx");
        ModuleUnload = (delegate* unmanaged<nint, CudaResult>)find("cuModuleUnload");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, CudaResult>)find("cuModuleGetFunction");
        ModuleGetGlobal = (delegate* unmanaged<nint*, nuint*, nint, byte*, CudaResult>)find("cuModuleGetGlobal_v2");
        FuncGetAttribute = (delegate* unmanaged<int*, int, nint, CudaResult>)find("cuFuncGetAttribute");
        FuncSetAttribute = (delegate* unmanaged<nint, int, int, CudaResult>)find("cuFuncSetAttribute");
        OccupancyMaxActiveBlocksPerMultiprocessor =
            (delegate* unmanaged<int*, nint, int, nuint, CudaResult>)find("cuOccupancyMaxActiveBlocksPerMultiprocessor");
        LaunchKernel = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, CudaResult>)find("cuLaunchKernel");
        MemAlloc = (delegate* unmanaged<nint*, nuint, CudaResult>)find("cuMemAlloc_v2");
        MemFree = (delegate* unmanaged<nint, CudaResult>)find("cuMemFree_v2");
        MemAllocAsync = (delegate* unmanaged<nint*, nuint, nint, CudaResult>)find("cuMemAllocAsync");
        MemFreeAsync = (delegate* unmanaged<nint, nint, CudaResult>)find("cuMemFreeAsync");
        MemHostAlloc = (delegate* unmanaged<void**, nuint, uint, CudaResult>)find("cuMemHostAlloc");
        MemFreeHost = (delegate* unmanaged<void*, CudaResult>)find("cuMemFreeHost");
        MemGetInfo = (delegate* unmanaged<nuint*, nuint*, CudaResult>)find("cuMemGetInfo_v2");
        PointerGetAttribute = (delegate* unmanaged<void*, int, nint, CudaResult>)find("cuPointerGetAttribute");
        MemcpyHtoD = (delegate* unmanaged<nint, void*, nuint, CudaResult>)find("cuMemcpyHtoD_v2");
        MemcpyDtoH = (delegate* unmanaged<void*, nint, nuint, CudaResult>)find("cuMemcpyDtoH_v2");
        MemcpyDtoD = (delegate* unmanaged<nint, nint, nuint, CudaResult>)find("cuMemcpyDtoD_v2");
        MemcpyHtoDAsync = (delegate* unmanaged<nint, void*, nuint, nint, CudaResult>)find("cuMemcpyHtoDAsync_v2");
        MemcpyDtoHAsync = (delegate* unmanaged<void*, nint, nuint, nint, CudaResult>)find("cuMemcpyDtoHAsync_v2");
        MemcpyDtoDAsync = (delegate* unmanaged<nint, nint, nuint, nint, CudaResult>)find("cuMemcpyDtoDAsync_v2");
        MemcpyPeerAsync = (delegate* unmanaged<nint, nint, nint, nint, nuint, nint, CudaResult>)find("cuMemcpyPeerAsync");
        MemsetD8 = (delegate* unmanaged<nint, byte, nuint, CudaResult>)find("cuMemsetD8_v2");
        MemsetD16 = (delegate* unmanaged<nint, ushort, nuint, CudaResult>)find("cuMemsetD16_v2");
        MemsetD32 = (delegate* unmanaged<nint, uint, nuint, CudaResult>)find("cuMemsetD32_v2");
        MemsetD8Async = (delegate* unmanaged<nint, byte, nuint, nint, CudaResult>)find("cuMemsetD8Async");
        MemsetD16Async = (delegate* unmanaged<nint, ushort, nuint, nint, CudaResult>)find("cuMemsetD16Async");
        MemsetD32Async = (delegate* unmanaged<nint, uint, nuint, nint, CudaResult>)find("cuMemsetD32Async");
        StreamCreate = (delegate* unmanaged<nint*, uint, CudaResult>)find("cuStreamCreate");
        StreamDestroy = (delegate* unmanaged<nint, CudaResult>)find("cuStreamDestroy_v2");
        StreamSynchronize = (delegate* unmanaged<nint, CudaResult>)find("cuStreamSynchronize");
        StreamQuery = (delegate* unmanaged<nint, CudaResult>)find("cuStreamQuery");
        StreamWaitEvent = (delegate* unmanaged<nint, nint, uint, CudaResult>)find("cuStreamWaitEvent");
        StreamBeginCapture = (delegate* unmanaged<nint, int, CudaResult>)find("cuStreamBeginCapture_v2");
        StreamEndCapture = (delegate* unmanaged<nint, nint*, CudaResult>)find("cuStreamEndCapture");
        StreamIsCapturing = (delegate* unmanaged<nint, int*, CudaResult>)find("cuStreamIsCapturing");
        EventCreate = (delegate* unmanaged<nint*, uint, CudaResult>)find("cuEventCreate");
        EventDestroy = (delegate* unmanaged<nint, CudaResult>)find("cuEventDestroy_v2");
        EventRecord = (delegate* unmanaged<nint, nint, CudaResult>)find("cuEventRecord");
        EventSynchronize = (delegate* unmanaged<nint, CudaResult>)find("cuEventSynchronize");
        EventQuery = (delegate* unmanaged<nint, CudaResult>)find("cuEventQuery");
        EventElapsedTime = (delegate* unmanaged<float*, nint, nint, CudaResult>)find("cuEventElapsedTime");
        GraphInstantiateWithFlags = (delegate* unmanaged<nint*, nint, ulong, CudaResult>)find("cuGraphInstantiateWithFlags");
        GraphGetNodes = (delegate* unmanaged<nint, nint*, nuint*, CudaResult>)find("cuGraphGetNodes");
        GraphLaunch = (delegate* unmanaged<nint, nint, CudaResult>)find("cuGraphLaunch");
        GraphExecDestroy = (delegate* unmanaged<nint, CudaResult>)find("cuGraphExecDestroy");
        GraphDestroy = (delegate* unmanaged<nint, CudaResult>)find("cuGraphDestroy");
    }
}
