using UnrealBuildTool;

// The protocol and the client, without the engine: standard C++17 and the C interface of libzmq.
public class FaceBridgeCore : ModuleRules
{
    public FaceBridgeCore(ReadOnlyTargetRules Target) : base(Target)
    {
        PCHUsage = PCHUsageMode.NoPCHs; // the engine's macros, `check` among them, stay out
        bUseUnity = false;
        bEnableExceptions = false;
        bUseRTTI = false;

        PrivateDependencyModuleNames.AddRange(new[] { "Core", "libzmq" });
    }
}
