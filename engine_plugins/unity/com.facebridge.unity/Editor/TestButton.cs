using System;
using FaceBridge.Transport;
using UnityEditor;
using UnityEngine;

namespace FaceBridge.Editor
{
    /// <summary>"Test connection" and its verdict in words, below any settings.</summary>
    internal sealed class TestButton
    {
        readonly Action repaint;
        ConnectionTest test;
        string verdict = "";
        bool passed;

        public TestButton(Action repaint)
        {
            this.repaint = repaint;
        }

        /// <summary>Draw it; a press tries out a copy of the settings.</summary>
        public void Draw(StreamSettings settings, string keyFile)
        {
            using (new EditorGUI.DisabledScope(test != null))
                if (GUILayout.Button("Test connection"))
                    Begin(settings, keyFile);
            if (verdict != "")
                EditorGUILayout.HelpBox(verdict, test != null || passed ? MessageType.Info : MessageType.Error);
        }

        /// <summary>End a test that is still going on.</summary>
        public void Stop()
        {
            EditorApplication.update -= Turn;
            if (test != null)
                test.Dispose();
            test = null;
        }

        void Begin(StreamSettings settings, string keyFile)
        {
            StreamSettings tried = settings.Copy();
            try
            {
                tried.Keys = keyFile == "" ? new CurveKeys() : CurveKeys.FromFile(keyFile);
            }
            catch (ArgumentException error)
            {
                passed = false;
                verdict = error.Message;
                return;
            }
            test = new ConnectionTest(tried);
            verdict = test.Verdict;
            EditorApplication.update += Turn;
        }

        void Turn()
        {
            test.Update();
            if (!test.Done)
                return;
            passed = test.Passed;
            verdict = test.Verdict;
            Stop();
            repaint();
        }
    }
}
