// Reference declarations of the engine members that the package uses: names and types, no behaviour.
using System;
using Unity.Collections;

namespace Unity.Collections
{
    public enum Allocator { Temp }

    public struct NativeArray<T> : IDisposable where T : struct
    {
        public int Length { get { return 0; } }
        public T this[int index] { get { return default(T); } }
        public static void Copy(T[] source, int sourceIndex, NativeArray<T> target, int targetIndex, int length) { }
        public void Dispose() { }
    }
}

namespace UnityEngine
{
    public class Object
    {
        public string name { get; set; }
        public HideFlags hideFlags { get; set; }
        public static void Destroy(Object target) { }
        public static void DestroyImmediate(Object target) { }
    }

    public enum HideFlags { DontSave }
    public enum TextureFormat { RGB24, RGBA32 }
    public enum TextureWrapMode { Clamp }
    public enum PrimitiveType { Quad }

    public class Component : Object
    {
        public GameObject gameObject { get { return null; } }
        public Transform transform { get { return null; } }
        public T GetComponent<T>() { return default(T); }
        public T GetComponentInChildren<T>() { return default(T); }
    }

    public class Behaviour : Component { public bool enabled { get; set; } }
    public class MonoBehaviour : Behaviour { }

    public class GameObject : Object
    {
        public GameObject(string name) { }
        public Transform transform { get { return null; } }
        public T AddComponent<T>() where T : Component { return default(T); }
        public T GetComponent<T>() { return default(T); }
        public T GetComponentInChildren<T>() { return default(T); }
        public static GameObject CreatePrimitive(PrimitiveType type) { return null; }
    }

    public class Transform : Component
    {
        public Quaternion rotation { get; set; }
        public Quaternion localRotation { get; set; }
        public void SetParent(Transform parent, bool worldPositionStays) { }
    }

    public struct Vector2
    {
        public float x, y;
        public Vector2(float x, float y) { this.x = x; this.y = y; }
    }

    public struct Vector3 { public float x, y, z; }

    public struct Quaternion
    {
        public Vector3 eulerAngles { get { return new Vector3(); } }
        public static Quaternion identity { get { return new Quaternion(); } }
        public static Quaternion Inverse(Quaternion rotation) { return rotation; }
        public static Quaternion operator *(Quaternion left, Quaternion right) { return left; }
    }

    public struct Color
    {
        public Color(float red, float green, float blue) { }
        public Color(float red, float green, float blue, float alpha) { }
    }

    public struct Rect { public Rect(float x, float y, float width, float height) { } }

    public class Texture : Object
    {
        public virtual int width { get; set; }
        public virtual int height { get; set; }
        public TextureWrapMode wrapMode { get; set; }
    }

    public sealed class Texture2D : Texture
    {
        public Texture2D(int width, int height, TextureFormat format, bool mipChain, bool linear) { }
        public TextureFormat format { get { return TextureFormat.RGBA32; } }
        public NativeArray<T> GetRawTextureData<T>() where T : struct { return new NativeArray<T>(); }
        public void Apply(bool updateMipmaps) { }
    }

    public static class ImageConversion
    {
        public static bool LoadImage(this Texture2D texture, byte[] data) { return true; }
    }

    public class Material : Object { public bool HasProperty(string name) { return true; } }

    public sealed class MaterialPropertyBlock
    {
        public void SetTexture(string name, Texture value) { }
        public void SetColor(string name, Color value) { }
    }

    public class Renderer : Component
    {
        public Material sharedMaterial { get; set; }
        public void GetPropertyBlock(MaterialPropertyBlock properties) { }
        public void SetPropertyBlock(MaterialPropertyBlock properties) { }
    }

    public class SkinnedMeshRenderer : Renderer
    {
        public Mesh sharedMesh { get; set; }
        public float GetBlendShapeWeight(int index) { return 0; }
    }

    public sealed class Mesh : Object
    {
        public int blendShapeCount { get { return 0; } }
        public string GetBlendShapeName(int index) { return ""; }
    }

    public static class Application
    {
        public static bool isPlaying { get { return false; } }
        public static string persistentDataPath { get { return ""; } }
        public static string productName { get { return ""; } }
    }

    public static class Time
    {
        public static float time { get { return 0; } }
        public static float unscaledTime { get { return 0; } }
        public static double realtimeSinceStartupAsDouble { get { return 0; } }
    }

    public static class Mathf { public static float PingPong(float t, float length) { return 0; } }
    public static class Screen { public static int width { get { return 0; } } public static int height { get { return 0; } } }

    public static class Debug
    {
        public static void LogWarning(object message, Object context) { }
        public static void LogError(object message, Object context) { }
    }

    public class GUI
    {
        public static Color color { get; set; }
        public static void Label(Rect position, string text) { }
    }

    public class GUILayoutOption { }

    public class GUILayout
    {
        public static bool Button(string text, params GUILayoutOption[] options) { return false; }
        public static void Label(string text, params GUILayoutOption[] options) { }
        public static float HorizontalSlider(float value, float left, float right, params GUILayoutOption[] options) { return value; }
        public static Vector2 BeginScrollView(Vector2 position, params GUILayoutOption[] options) { return position; }
        public static void EndScrollView() { }
        public static GUILayoutOption Width(float width) { return null; }
        public static GUILayoutOption Height(float height) { return null; }
    }

    [AttributeUsage(AttributeTargets.Field)] public sealed class TooltipAttribute : Attribute { public TooltipAttribute(string text) { } }
    [AttributeUsage(AttributeTargets.Field)] public sealed class SerializeField : Attribute { }
    [AttributeUsage(AttributeTargets.Class)] public sealed class ExecuteAlways : Attribute { }
    [AttributeUsage(AttributeTargets.Class)] public sealed class AddComponentMenu : Attribute { public AddComponentMenu(string name) { } }
    [AttributeUsage(AttributeTargets.Class)] public sealed class RequireComponent : Attribute { public RequireComponent(Type type) { } }
    [AttributeUsage(AttributeTargets.Class)] public class DefaultExecutionOrder : Attribute { public DefaultExecutionOrder(int order) { } }
    [AttributeUsage(AttributeTargets.Method)] public sealed class ContextMenu : Attribute { public ContextMenu(string name) { } }
}

namespace UnityEngine.Events
{
    public class UnityEventBase { }
    public class UnityEvent<T> : UnityEventBase { public void Invoke(T argument) { } }
}

namespace UnityEngine.Rendering
{
    public class RenderPipelineAsset : Object { }
    public static class GraphicsSettings { public static RenderPipelineAsset currentRenderPipeline { get { return null; } } }
}
