using System.IO;
using UnrealBuildTool;

// libzmq as a library that is loaded when the plugin starts. Nothing is linked: this only ships the files that
// fetch_natives.py has put into Binaries/ThirdParty/libzmq.
public class libzmq : ModuleRules
{
    public libzmq(ReadOnlyTargetRules Target) : base(Target)
    {
        Type = ModuleType.External;

        string Platform = Target.Platform.ToString();
        string Folder = Path.Combine(PluginDirectory, "Binaries", "ThirdParty", "libzmq", Platform);
        if (!Directory.Exists(Folder))
        {
            System.Console.WriteLine("FaceBridge: no libzmq in {0}; run fetch_natives.py in the plugin's folder", Folder);
            return;
        }
        foreach (string Library in Directory.GetFiles(Folder))
        {
            RuntimeDependencies.Add(Library, StagedFileType.NonUFS);
        }
    }
}
