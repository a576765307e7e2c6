using UnityEditor;

namespace FaceBridge.Editor
{
    /// <summary>Ends every connection before the code that holds it goes away, and keeps faces moving outside play.</summary>
    [InitializeOnLoad]
    internal static class ReloadGuard
    {
        static ReloadGuard()
        {
            AssemblyReloadEvents.beforeAssemblyReload += LiveClients.CloseAll;
            EditorApplication.quitting += LiveClients.CloseAll;
            EditorApplication.playModeStateChanged += EndWith;
            EditorApplication.update += Turn;
        }

        static void EndWith(PlayModeStateChange change)
        {
            if (change == PlayModeStateChange.ExitingPlayMode || change == PlayModeStateChange.ExitingEditMode)
                LiveClients.CloseAll();
        }

        /// <summary>Outside play a scene is only updated when it changes; a live face asks for it each time.</summary>
        static void Turn()
        {
            if (!EditorApplication.isPlaying && LiveClients.Count > 0)
                EditorApplication.QueuePlayerLoopUpdate();
        }
    }
}
