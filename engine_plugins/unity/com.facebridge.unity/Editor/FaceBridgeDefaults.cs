using UnityEditor;

namespace FaceBridge.Editor
{
    /// <summary>What a new face begins with, on this machine only: where the server is and where the keys lie.</summary>
    internal static class FaceBridgeDefaults
    {
        const string AddressKey = "FaceBridge.Address";
        const string KeyFileKey = "FaceBridge.KeyFile";

        public static string Address
        {
            get { return EditorPrefs.GetString(AddressKey, new StreamSettings().Address); }
            set { EditorPrefs.SetString(AddressKey, value); }
        }

        public static string KeyFile
        {
            get { return EditorPrefs.GetString(KeyFileKey, ""); }
            set { EditorPrefs.SetString(KeyFileKey, value); }
        }
    }
}
