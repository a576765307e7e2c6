// Reference declarations of the editor members that the package uses: names and types, no behaviour.
using System;
using System.Collections.Generic;
using UnityEngine;

namespace UnityEditor
{
    public enum PlayModeStateChange { EnteredEditMode, ExitingEditMode, EnteredPlayMode, ExitingPlayMode }
    public enum MessageType { None, Info, Warning, Error }
    public enum SettingsScope { User, Project }

    [AttributeUsage(AttributeTargets.Class)] public class InitializeOnLoadAttribute : Attribute { }
    [AttributeUsage(AttributeTargets.Method)] public class SettingsProviderAttribute : Attribute { }
    [AttributeUsage(AttributeTargets.Class)] public class CustomEditor : Attribute { public CustomEditor(Type type) { } }
    [AttributeUsage(AttributeTargets.Method)] public class MenuItem : Attribute { public MenuItem(string name, bool validate, int priority) { } }

    public static class AssemblyReloadEvents
    {
        public delegate void AssemblyReloadCallback();
        public static event AssemblyReloadCallback beforeAssemblyReload { add { } remove { } }
    }

    public class EditorApplication
    {
        public delegate void CallbackFunction();
        public static CallbackFunction update;
        public static event Action quitting { add { } remove { } }
        public static event Action<PlayModeStateChange> playModeStateChanged { add { } remove { } }
        public static bool isPlaying { get; set; }
        public static void QueuePlayerLoopUpdate() { }
    }

    public class EditorPrefs
    {
        public static string GetString(string key, string value) { return value; }
        public static void SetString(string key, string value) { }
    }

    public class SerializedObject
    {
        public void Update() { }
        public bool ApplyModifiedProperties() { return false; }
        public SerializedProperty FindProperty(string path) { return null; }
    }

    public class SerializedProperty
    {
        public string displayName { get { return ""; } }
        public string stringValue { get; set; }
        public int intValue { get; set; }
        public double doubleValue { get; set; }
    }

    public class Editor : UnityEngine.Object
    {
        public UnityEngine.Object target { get; set; }
        public SerializedObject serializedObject { get { return null; } }
        public virtual void OnInspectorGUI() { }
        public virtual bool RequiresConstantRepaint() { return false; }
        public void Repaint() { }
    }

    public class EditorGUI
    {
        public static void BeginChangeCheck() { }
        public static bool EndChangeCheck() { return false; }

        public class DisabledScope : IDisposable
        {
            public DisabledScope(bool disabled) { }
            public void Dispose() { }
        }
    }

    public class EditorGUILayout
    {
        public static void HelpBox(string message, MessageType type) { }
        public static bool PropertyField(SerializedProperty property, params GUILayoutOption[] options) { return false; }
        public static bool PropertyField(SerializedProperty property, bool children, params GUILayoutOption[] options) { return false; }
        public static void DelayedTextField(SerializedProperty property, params GUILayoutOption[] options) { }
        public static string TextField(string label, string text, params GUILayoutOption[] options) { return text; }
        public static void IntSlider(SerializedProperty property, int left, int right, params GUILayoutOption[] options) { }
        public static float Slider(string label, float value, float left, float right, params GUILayoutOption[] options) { return value; }
        public static int Popup(string label, int chosen, string[] choices, params GUILayoutOption[] options) { return chosen; }
    }

    public class SettingsProvider
    {
        public SettingsProvider(string path, SettingsScope scope, IEnumerable<string> keywords) { }
        public virtual void OnGUI(string search) { }
        public virtual void OnDeactivate() { }
        public void Repaint() { }
    }

    public class MenuCommand { public UnityEngine.Object context; }
    public class GameObjectUtility { public static void SetParentAndAlign(GameObject child, GameObject parent) { } }
    public class Selection { public static GameObject activeGameObject { get; set; } }
    public class EditorUtility { public static bool DisplayDialog(string title, string message, string ok) { return true; } }

    public class Undo
    {
        public static void RegisterCreatedObjectUndo(UnityEngine.Object created, string name) { }
        public static T AddComponent<T>(GameObject target) where T : Component { return default(T); }
    }
}
