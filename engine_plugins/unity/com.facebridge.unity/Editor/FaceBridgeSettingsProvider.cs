using UnityEditor;

namespace FaceBridge.Editor
{
    /// <summary>Preferences > FaceBridge: what new faces begin with, and the connection test.</summary>
    internal sealed class FaceBridgeSettingsProvider : SettingsProvider
    {
        TestButton test;

        FaceBridgeSettingsProvider() : base("Preferences/FaceBridge", SettingsScope.User, new[] { "face", "server", "keys" })
        {
        }

        [SettingsProvider]
        static SettingsProvider Create()
        {
            return new FaceBridgeSettingsProvider();
        }

        /// <inheritdoc/>
        public override void OnGUI(string search)
        {
            if (test == null)
                test = new TestButton(Repaint);
            FaceBridgeDefaults.Address = EditorGUILayout.TextField("Server address", FaceBridgeDefaults.Address);
            FaceBridgeDefaults.KeyFile = EditorGUILayout.TextField("Key file", FaceBridgeDefaults.KeyFile);
            test.Draw(new StreamSettings { Address = FaceBridgeDefaults.Address }, FaceBridgeDefaults.KeyFile);
        }

        /// <inheritdoc/>
        public override void OnDeactivate()
        {
            if (test != null)
                test.Stop();
        }
    }
}
