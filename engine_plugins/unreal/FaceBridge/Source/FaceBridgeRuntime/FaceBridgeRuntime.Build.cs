using UnrealBuildTool;

// The component, its settings and its texture.
public class FaceBridgeRuntime : ModuleRules
{
    public FaceBridgeRuntime(ReadOnlyTargetRules Target) : base(Target)
    {
        PCHUsage = PCHUsageMode.UseExplicitOrSharedPCHs;

        PublicDependencyModuleNames.AddRange(new[]
        {
            "Core", "CoreUObject", "Engine", "DeveloperSettings", "LiveLinkInterface", "FaceBridgeCore",
        });
        PrivateDependencyModuleNames.AddRange(new[] { "ImageWrapper", "Projects", "RenderCore", "RHI" });
    }
}
