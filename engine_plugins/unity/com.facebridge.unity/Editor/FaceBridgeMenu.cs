using UnityEditor;
using UnityEngine;
using UnityEngine.Rendering;

namespace FaceBridge.Editor
{
    /// <summary>GameObject > FaceBridge: a face that is ready to move.</summary>
    internal static class FaceBridgeMenu
    {
        const int Group = 10;

        [MenuItem("GameObject/FaceBridge/Face on a Quad", false, Group)]
        static void AddQuad(MenuCommand command)
        {
            GameObject quad = GameObject.CreatePrimitive(PrimitiveType.Quad);
            quad.name = "Face";
            GameObjectUtility.SetParentAndAlign(quad, command.context as GameObject);
            FaceBridgeStream stream = Add(quad);
            stream.source = quad.AddComponent<ScriptSource>();
            Undo.RegisterCreatedObjectUndo(quad, "Add face on a quad");
            Selection.activeGameObject = quad;
        }

        [MenuItem("GameObject/FaceBridge/Drive by This Mesh", false, Group)]
        static void Drive(MenuCommand command)
        {
            var chosen = command.context as GameObject;
            SkinnedMeshRenderer mesh = chosen == null ? null : chosen.GetComponentInChildren<SkinnedMeshRenderer>();
            if (mesh == null)
            {
                EditorUtility.DisplayDialog("FaceBridge", "Select an object with a skinned mesh that has blend shapes.", "OK");
                return;
            }
            var source = Undo.AddComponent<BlendShapeSource>(mesh.gameObject);
            source.mesh = mesh;
        }

        static FaceBridgeStream Add(GameObject face)
        {
            var stream = face.AddComponent<FaceBridgeStream>();
            stream.settings.Address = FaceBridgeDefaults.Address;
            stream.keyFile = FaceBridgeDefaults.KeyFile;
            stream.target = face.GetComponent<Renderer>();
            bool builtIn = GraphicsSettings.currentRenderPipeline == null;
            stream.textureProperty = builtIn ? "_MainTex" : "_BaseMap";
            stream.colourProperty = builtIn ? "_Color" : "_BaseColor";
            return stream;
        }
    }
}
