using System;
using FaceBridge.Wire;
using UnityEditor;
using UnityEngine;

namespace FaceBridge.Editor
{
    /// <summary>The inspector of a face: its state in colour, the server's people to choose from, and the connection test.</summary>
    [CustomEditor(typeof(FaceBridgeStream))]
    internal sealed class FaceBridgeStreamEditor : UnityEditor.Editor
    {
        static readonly string[] Shown =
        {
            "source", "target", "textureProperty", "colourProperty", "hold", "fade", "liveInEditor", "keyFile", "onTexture", "onState",
        };

        TestButton test;

        /// <inheritdoc/>
        public override void OnInspectorGUI()
        {
            var stream = (FaceBridgeStream)target;
            serializedObject.Update();
            DrawState(stream);
            DrawStream(stream);
            foreach (string name in Shown)
                EditorGUILayout.PropertyField(serializedObject.FindProperty(name), true);
            serializedObject.ApplyModifiedProperties();
            test.Draw(stream.settings, stream.keyFile);
        }

        /// <inheritdoc/>
        public override bool RequiresConstantRepaint()
        {
            return ((FaceBridgeStream)target).State != ClientState.Offline;
        }

        void OnEnable()
        {
            test = new TestButton(Repaint);
        }

        void OnDisable()
        {
            test.Stop();
        }

        static void DrawState(FaceBridgeStream stream)
        {
            Color before = GUI.color;
            GUI.color = FaceBridgeOverlay.Shown(stream.Colour);
            EditorGUILayout.HelpBox(stream.Status, MessageType.None);
            GUI.color = before;
            if (stream.Grant != null && stream.Grant.Notice != "")
                EditorGUILayout.HelpBox(stream.Grant.Notice, MessageType.Warning);
            if (stream.State == ClientState.Refused && GUILayout.Button("Try again"))
                stream.Reconnect();
        }

        void DrawStream(FaceBridgeStream stream)
        {
            ServerOffer offer = stream.Offer;
            EditorGUILayout.DelayedTextField(Of("Address"));
            EditorGUILayout.DelayedTextField(Of("Subject"));
            Choose(Of("Identity"), offer == null ? null : offer.Identities);
            DrawSize(Of("Size"), offer);
            Choose(Of("Codec"), offer == null ? Codecs.All : offer.Codecs);
            EditorGUILayout.IntSlider(Of("Steps"), 0, Limits.Steps);
            Slide(Of("ExpressionScale"), 0f, 2f);
            Slide(Of("ReferenceScale"), 0f, 2f);
            EditorGUILayout.PropertyField(Of("Seed"));
            EditorGUILayout.PropertyField(Of("Lit"));
            using (new EditorGUI.DisabledScope(!stream.settings.Lit))
            {
                Slide(Of("LightAzimuth"), -90f, 90f);
                Slide(Of("LightElevation"), -30f, 90f);
            }
            EditorGUILayout.DelayedTextField(Of("Backdrop"));
        }

        /// <summary>A slider for a double, which is left alone until it is moved.</summary>
        static void Slide(SerializedProperty property, float low, float high)
        {
            EditorGUI.BeginChangeCheck();
            float moved = EditorGUILayout.Slider(property.displayName, (float)property.doubleValue, low, high);
            if (EditorGUI.EndChangeCheck())
                property.doubleValue = moved;
        }

        SerializedProperty Of(string setting)
        {
            return serializedObject.FindProperty("settings." + setting);
        }

        /// <summary>A list where the server has told one, else a text.</summary>
        static void Choose(SerializedProperty property, string[] choices)
        {
            int chosen = choices == null ? -1 : Array.IndexOf(choices, property.stringValue);
            if (choices == null || choices.Length == 0 || chosen < 0 && property.stringValue != "")
                EditorGUILayout.DelayedTextField(property);
            else
            {
                int picked = EditorGUILayout.Popup(property.displayName, Math.Max(0, chosen), choices);
                if (picked != chosen)
                    property.stringValue = choices[picked];
            }
        }

        static void DrawSize(SerializedProperty property, ServerOffer offer)
        {
            if (offer == null)
            {
                EditorGUILayout.PropertyField(property);
                return;
            }
            string[] names = Array.ConvertAll(offer.Sizes, size => size + " pixels");
            int chosen = Math.Max(0, Array.IndexOf(offer.Sizes, property.intValue));
            property.intValue = offer.Sizes[EditorGUILayout.Popup(property.displayName, chosen, names)];
        }
    }
}
