using UnrealBuildTool;

// The details panel with the connection test.
public class FaceBridgeEditor : ModuleRules
{
    public FaceBridgeEditor(ReadOnlyTargetRules Target) : base(Target)
    {
        PCHUsage = PCHUsageMode.UseExplicitOrSharedPCHs;

        PrivateDependencyModuleNames.AddRange(new[]
        {
            "Core", "CoreUObject", "Engine", "InputCore", "PropertyEditor", "Slate", "SlateCore", "UnrealEd",
            "FaceBridgeCore", "FaceBridgeRuntime",
        });
    }
}
